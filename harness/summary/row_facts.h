#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/money/cost.h"
#include "harness/money/gpu_ledger.h"
#include "harness/summary/latency.h"
#include "harness/summary/summary.h"

namespace pingjia::harness {

/// What one attempt did, cost and scored.
struct AttemptFacts {
  const Record* record = nullptr;
  const Score* score = nullptr;  ///< Null for retried and cancelled attempts.
  std::size_t index = 0;         ///< Among the records of the input.
  Cost cost;
  Nanos held = 0;    ///< Machine time, its share of idle time included.
  Nanos active = 0;  ///< Without idle time.
  /// Names what is independent: the sample, or its cluster, whatever the protocol. The same for
  /// every system, whatever the order of the journal.
  std::uint64_t unit = 0;
  std::string_view subject;  ///< Of the sample; empty where the suite has none.
};

/// Outcomes of the scored attempts, in the order of `kOutcomes`.
inline constexpr std::array<std::string_view, 9> kOutcomes{
    outcome::kRight,       outcome::kWrong,     outcome::kUndecided,
    outcome::kParseFailed, outcome::kTruncated, outcome::kThinkBudget,
    outcome::kRefused,     outcome::kFailed,    outcome::kUnsupported};

/// Token counts of a row's attempts.
struct TokenFacts {
  std::int64_t input = 0;
  std::int64_t output = 0;
  std::int64_t answers_without = 0;  ///< Answers that report no count: the sums are then unknown.
  std::int64_t cache_read = 0;       ///< Of `input`.
  std::int64_t cache_unsaid = 0;     ///< Answers that do not say how much was read from cache.
  std::int64_t events = 0;           ///< Content events, of the answers that streamed.
  std::int64_t streamed_output = 0;  ///< Output tokens of the same answers.
  std::int64_t stopped = 0;  ///< Of them, ended by the model itself: an end token may have no text.
  std::string makers;        ///< Who counted.
};

/// How a machine's time divides between reading and writing, by the engine's own step times.
struct PhaseFacts {
  double prefill_s = 0;
  double decode_s = 0;
  std::int64_t answers_without = 0;       ///< Without times that can be summed.
  PhaseTime by_first_token;               ///< By the client's clock, of answers that streamed.
  std::int64_t answers_not_streamed = 0;  ///< Generated, but in one piece.
};

/// How much of the cost is known.
struct CostFacts {
  Money input;
  Money output;
  Money machine;
  std::int64_t priced_tokens = 0;
  std::int64_t unpriced_tokens = 0;
  std::int64_t unknown_attempts = 0;  ///< Billed, nobody knows how much.
  std::int64_t attempts = 0;
  Money reported;  ///< What the provider says, of the attempts where it does.
  std::int64_t reported_attempts = 0;
  Money estimated_of_reported;     ///< Ours of the same attempts.
  std::int64_t not_adding_up = 0;  ///< Attempts whose leaves are not the provider's totals.

  Money total() const { return input + output + machine; }
  /// The larger of the shares of tokens without price and of attempts of unknown cost.
  double unpriced_share() const;
};

/// Everything that one row of the table is made of.
struct RowFacts {
  const SystemInput* system = nullptr;
  std::string suite;  ///< "suite/protocol" or "*".
  std::uint64_t seed = 0;
  std::vector<AttemptFacts> attempts;
  std::array<std::int64_t, kOutcomes.size()> outcomes{};
  std::int64_t answers = 0;  ///< Last attempts without failure.
  std::int64_t retries = 0;
  std::int64_t cancelled = 0;
  std::int64_t cut_but_marked = 0;  ///< Ended by their token budget, marked all the same.
  Nanos window = 0;                 ///< First sent to last done, summed over sessions.
  Nanos held = 0;
  Nanos active = 0;
  TokenFacts tokens;
  PhaseFacts phases;
  CostFacts cost;
  Latencies latencies;

  bool whole() const { return suite == "*"; }
  std::int64_t count(std::string_view outcome) const;
  std::int64_t scored() const;
};

/// Whether an outcome is in the accuracy's denominator: not where the infrastructure failed, the
/// system cannot do what was asked, or the scorer could not tell.
bool is_marked(std::string_view outcome);

/// Above this share of unpriced tokens there is no cost, and no ranking by it.
inline constexpr double kMostUnpriced = 0.005;

/// The rows of every system, in the order of the input; each system's "*" row last.
std::vector<RowFacts> gather_rows(const SummaryInput& input);

/// Every attempt of one system, in the order of the records.
std::vector<AttemptFacts> gather_attempts(const SystemInput& system, const SummaryInput& input);

}  // namespace pingjia::harness

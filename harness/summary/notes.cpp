#include "harness/summary/notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/stats/quantile.h"
#include "harness/summary/measures.h"

namespace pingjia::harness {

namespace {

using Notes = std::vector<std::string>;

// Above these shares a figure is not fit to be published.
constexpr double kMostFailed = 0.005;
constexpr double kMostUnparsed = 0.02;
constexpr double kMostDisagreement = 0.02;

double share(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

// "rate_limit 3, timeout_total 1"
std::string failures_of(const RowFacts& row) {
  std::map<std::string, int> classes;
  for (const auto& attempt : row.attempts) {
    if (attempt.score == nullptr || attempt.score->outcome != outcome::kFailed) continue;
    ++classes[attempt.score->rule];
  }
  std::string text;
  for (const auto& [name, count] : classes) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, count);
  }
  return text;
}

// Which extraction rule found how many answers: "boxed 118, answer 3"; nothing for one rule alone.
std::string hits_of(const RowFacts& row) {
  std::map<std::string, int> hits;
  for (const auto& attempt : row.attempts) {
    if (attempt.score != nullptr && attempt.score->extracted) ++hits[attempt.score->rule];
  }
  if (row.whole() || hits.size() < 2) return "";
  std::vector<std::pair<int, std::string>> sorted;
  for (const auto& [rule, count] : hits) sorted.emplace_back(-count, rule);
  std::sort(sorted.begin(), sorted.end());
  std::string text;
  for (const auto& [count, rule] : sorted) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", rule, -count);
  }
  return text;
}

void note_outcomes(const RowFacts& row, Notes& notes) {
  const std::int64_t scored = row.scored();
  if (const auto unsupported = row.count(outcome::kUnsupported); unsupported > 0) {
    notes.push_back(
        fmt::format("{} of {} requests ask what this system cannot do (such as scoring "
                    "given continuations); they are left out",
                    unsupported, scored));
  }
  if (const auto failed = row.count(outcome::kFailed); failed > 0) {
    notes.push_back(fmt::format(
        "{} of {} requests failed ({}) and are left out of the accuracy{}", failed, scored,
        failures_of(row),
        share(failed, scored) > kMostFailed ? "; above 0.5 %, not fit to be published" : ""));
  }
  if (const auto undecided = row.count(outcome::kUndecided); undecided > 0) {
    notes.push_back(
        fmt::format("{} of {} answers could not be decided and are left out of the accuracy",
                    undecided, scored));
  }
  const auto unparsed = row.count(outcome::kParseFailed) + row.count(outcome::kTruncated) +
                        row.count(outcome::kThinkBudget);
  if (share(unparsed, scored) > kMostUnparsed) {
    notes.push_back(fmt::format(
        "in {} of {} answers ({:.1f} %) no answer was found ({} truncated, {} out of tokens while "
        "thinking); they count "
        "as not right",
        unparsed, scored, 100 * share(unparsed, scored), row.count(outcome::kTruncated),
        row.count(outcome::kThinkBudget)));
  }
  if (const auto hits = hits_of(row); !hits.empty()) {
    notes.push_back("where the answers were found: " + hits);
  }
  if (row.cut_but_marked > 0) {
    notes.push_back(fmt::format(
        "{} answers were cut off by max_tokens but held an answer, and are marked by it",
        row.cut_but_marked));
  }
}

void note_attempts(const RowFacts& row, Notes& notes) {
  if (row.retries > 0) {
    notes.push_back(
        fmt::format("{} attempts were retried; their tokens and cost are counted", row.retries));
  }
  if (row.cancelled > 0) {
    notes.push_back(fmt::format("{} requests were cancelled and are not scored", row.cancelled));
  }
}

void note_counts(const RowFacts& row, Notes& notes) {
  const TokenFacts& tokens = row.tokens;
  if (tokens.streamed_output == 0) return;
  // The token that ends an answer is counted by most and shown by none.
  const std::int64_t shown = tokens.streamed_output - tokens.stopped;
  const std::int64_t seen = std::clamp(tokens.events, shown, tokens.streamed_output);
  if (share(std::abs(tokens.events - seen), seen) <= kMostDisagreement) return;
  const double ratio =
      static_cast<double>(tokens.events) / static_cast<double>(tokens.streamed_output);
  notes.push_back(fmt::format(
      "the client saw {} pieces of text where usage says {} output tokens ({:+.1f} %): tokens per "
      "second are by usage",
      tokens.events, tokens.streamed_output, 100 * (ratio - 1)));
}

void note_cost(const RowFacts& row, Notes& notes) {
  const double unpriced = row.cost.unpriced_share();
  if (row.cost.attempts == 0 || unpriced == 0) return;
  if (std::holds_alternative<UnknownPricing>(row.system->pricing)) return;
  notes.push_back(
      fmt::format("{:.2f} % of the cost is unknown ({} tokens without a price, {} attempts "
                  "without usage){}",
                  100 * unpriced, row.cost.unpriced_tokens, row.cost.unknown_attempts,
                  unpriced > kMostUnpriced ? ": no cost is given" : ""));
}

void note_energy(const RowFacts& row, Notes& notes) {
  if (has_fake_energy(row)) {
    notes.push_back("energy comes from a fake meter, a test double: it measures nothing");
  }
  const auto flags = energy_flags(row);
  const auto has = [&flags](const char* name) {
    return std::find(flags.begin(), flags.end(), name) != flags.end();
  };
  if (has(flag::kShort)) notes.push_back("energy was measured for under 10 s: its edges weigh");
  if (has(flag::kDisagrees)) {
    notes.push_back("the energy counter and integrated power differ by more than 1 %");
  }
  if (has(flag::kThrottled)) notes.push_back("the device was throttled for over 1 % of the time");
  if (has(flag::kContended)) notes.push_back("others used the device: its energy is theirs too");
  if (has(flag::kMig)) notes.push_back("energy is of the whole board, which MIG shares out");
  if (has(flag::kGap)) notes.push_back("the meter was not read for over 3 s");
}

// Beyond half a percent somebody is wrong: the list, the count or the bill.
void note_drift(const RowFacts& row, Notes& notes) {
  const CostFacts& cost = row.cost;
  if (cost.not_adding_up > 0) {
    notes.push_back(
        fmt::format("the usage of {} answers does not add up to the provider's own totals",
                    cost.not_adding_up));
  }
  constexpr double kMostDrift = 0.005;
  if (cost.reported_attempts == 0 || cost.estimated_of_reported == Money()) return;
  const double drift = cost.reported.usd() / cost.estimated_of_reported.usd() - 1;
  if (std::abs(drift) <= kMostDrift) return;
  notes.push_back(fmt::format(
      "the provider says that {} attempts cost ${:.6g}, the price list ${:.6g} ({:+.1f} %)",
      cost.reported_attempts, cost.reported.usd(), cost.estimated_of_reported.usd(), 100 * drift));
}

void note_samples(const RowFacts& row, Notes& notes) {
  const std::int64_t timed = row.latencies.e2el.n;
  if (timed == 0 || timed >= kMinSamplesForP99) return;
  notes.push_back(
      fmt::format("no p99: it needs {} samples, there are {}", kMinSamplesForP99, timed));
}

}  // namespace

std::vector<std::string> notes_of_row(const RowFacts& row) {
  Notes notes;
  if (row.system->facts.test_double) {
    notes.push_back("a test double: these figures measure no model");
  }
  if (row.attempts.empty()) notes.push_back("nothing was run");
  note_outcomes(row, notes);
  note_attempts(row, notes);
  note_samples(row, notes);
  note_counts(row, notes);
  note_cost(row, notes);
  note_energy(row, notes);
  note_drift(row, notes);
  return notes;
}

std::vector<std::string> why_no_ranking(std::span<const RowFacts> rows) {
  Notes notes;
  for (const RowFacts& row : rows) {
    // Test doubles are not ranked in any case.
    if (!row.whole() || row.system->facts.test_double || row.cost.unpriced_share() <= kMostUnpriced)
      continue;
    const auto* unknown = std::get_if<UnknownPricing>(&row.system->pricing);
    notes.push_back(
        fmt::format("no ranking by cost: {} is {}", row.system->name,
                    unknown ? "unpriced (" + unknown->why + ")"
                            : fmt::format("{:.2f} % unpriced", 100 * row.cost.unpriced_share())));
  }
  return notes;
}

}  // namespace pingjia::harness

#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/record/record.h"
#include "harness/score/scorer.h"
#include "harness/spec/suite.h"

namespace pingjia::harness {

/// What became of one question, as scores.jsonl names it. The first four are a scorer's verdicts.
namespace outcome {
inline constexpr std::string_view kRight = "right";
inline constexpr std::string_view kWrong = "wrong";
inline constexpr std::string_view kUndecided = "undecided";
inline constexpr std::string_view kParseFailed = "parse_failed";
inline constexpr std::string_view kTruncated = "truncated";
inline constexpr std::string_view kThinkBudget = "think_budget_exhausted";
inline constexpr std::string_view kRefused = "refused";
inline constexpr std::string_view kFailed = "failed";
inline constexpr std::string_view kUnsupported = "unsupported";
}  // namespace outcome

/// One line of scores.jsonl.
struct Score {
  RecordKey key;
  std::string outcome;  ///< One of the names above.
  Verdict verdict =
      Verdict::kParseFailed;             ///< The scorer's word; parse_failed where none was asked.
  std::optional<std::string> extracted;  ///< The answer found, normalised.
  std::string rule;                      ///< Which extraction rule found it, or the failure class.
  std::string scorer;                    ///< Name in the scorer table.
  std::string scorer_version;
  /// Among the repeats of one sample: those whose extracted answers the scorer calls the same have
  /// one number, from 0. Nothing without an answer, or without repeats.
  std::optional<int> answer_class = std::nullopt;
};

/// Marks one record. Pure. Nothing for a cancelled request: a resumed run sends it again.
///
/// A failure is never a wrong answer: it is "failed", "unsupported", or "refused" where the
/// provider's filter stopped it. A refusal or a content filter as finish reason is "refused". An
/// answer cut off by its token budget is marked like any other when an answer can be found in it,
/// as published protocols do; only when none can is it "truncated" instead of "parse_failed", and
/// "think_budget_exhausted" where all of it went into thinking: tags never closed, or the
/// provider's reasoning field and no text.
std::optional<Score> score_record(const Record& record, const Sample& sample,
                                  const Protocol& protocol, const Scorer& scorer);

/// Marks the last attempts among `records` that asked `protocol` of `suite`, in their order, and
/// numbers the classes of equal answers; other records are passed over. Throws Error when a
/// record's sample is not in the suite.
std::vector<Score> score_records(std::span<const Record> records, const Suite& suite,
                                 const Protocol& protocol, const Scorer& scorer);

nlohmann::json to_json(const Score& score);

/// Throws Error naming `where` for a line of another shape.
Score score_from_json(const nlohmann::json& line, const std::string& where);

}  // namespace pingjia::harness

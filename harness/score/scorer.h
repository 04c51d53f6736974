#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/record/completion.h"

namespace pingjia::harness {

enum class Verdict { kRight, kWrong, kUndecided, kParseFailed };

std::string_view verdict_name(Verdict verdict);
std::optional<Verdict> verdict_of(std::string_view name);

/// What is marked, and against what.
struct Question {
  std::string gold;
  std::span<const std::string> choices;
};

struct Grade {
  Verdict verdict = Verdict::kParseFailed;
  std::optional<std::string> extracted;  ///< The answer found in the text, normalised.
  std::string rule;                      ///< Which extraction rule found it.
  std::vector<bool> instructions = {};   ///< Whether each was followed, where there are several.
};

/// Marks one answer. Pure; linear in the answer's length; never throws on any answer.
class Scorer {
 public:
  virtual ~Scorer() = default;
  virtual Grade grade(const Question& question, std::string_view answer) const = 0;
  /// Whether two answers as `grade` extracts them are one, for a vote of several; texts that are
  /// equal need not be asked about. Here: one is right where the other is gold.
  virtual bool same_answer(const std::string& a, const std::string& b) const {
    return a == b || grade({a, {}}, b).verdict == Verdict::kRight;
  }
  /// Changes whenever a grade could: kept in every score.
  virtual std::string_view version() const = 0;
};

/// Makes a scorer of a protocol's `scorer_options`; throws Error naming `where` for a bad one.
using MakeScorer = std::unique_ptr<Scorer> (*)(const nlohmann::json& options,
                                               const std::string& where);

/// Marks log-likelihoods: the most likely continuation is the answer, by sum and by bytes.
/// The extracted answer is the letter.
Grade grade_continuations(const Question& question, std::span<const ContinuationScore> scores,
                          bool per_byte);

}  // namespace pingjia::harness

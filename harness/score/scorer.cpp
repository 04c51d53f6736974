#include "harness/score/scorer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/spec/suite.h"

namespace pingjia::harness {

namespace {

constexpr std::pair<Verdict, std::string_view> kVerdicts[] = {
    {Verdict::kRight, "right"},
    {Verdict::kWrong, "wrong"},
    {Verdict::kUndecided, "undecided"},
    {Verdict::kParseFailed, "parse_failed"},
};

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  for (const auto& [value, name] : kVerdicts) {
    if (value == verdict) return name;
  }
  return "parse_failed";
}

std::optional<Verdict> verdict_of(std::string_view name) {
  for (const auto& [value, known] : kVerdicts) {
    if (known == name) return value;
  }
  return std::nullopt;
}

Grade grade_continuations(const Question& question, std::span<const ContinuationScore> scores,
                          bool per_byte) {
  Grade grade;
  grade.rule = per_byte ? "loglikelihood per byte" : "loglikelihood";
  // A score that is missing or no number leaves nothing to compare.
  if (scores.empty() || scores.size() != question.choices.size()) return grade;
  std::size_t best = 0;
  bool tied = false;
  double highest = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double bytes = per_byte ? std::max(1, scores[i].bytes) : 1;
    const double value = scores[i].loglikelihood / bytes;
    if (std::isnan(value)) return grade;
    if (i > 0 && value == highest) tied = true;
    if (i == 0 || value > highest) {
      best = i;
      tied = false;
      highest = value;
    }
  }
  // A tie at the top says that the model prefers neither; taking the first would favour A.
  if (tied) {
    grade.verdict = Verdict::kUndecided;
    return grade;
  }
  grade.extracted = choice_letter(best);
  grade.verdict = *grade.extracted == question.gold ? Verdict::kRight : Verdict::kWrong;
  return grade;
}

}  // namespace pingjia::harness

#include "suites/scorers/math.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/fields.h"
#include "suites/extract/ascii.h"
#include "suites/extract/math_answer.h"
#include "suites/extract/number.h"
#include "suites/extract/plain_text.h"
#include "suites/extract/rule_options.h"
#include "suites/extract/think_tags.h"
#include "suites/math/grader.h"
#include "suites/math/unit.h"

namespace pingjia::suites {

namespace {

using View = std::string_view;
using Candidates = std::vector<std::string>;

Candidates hashed_math(View text, Match match) {
  constexpr View kHashes = "####";
  const auto at = match == Match::kLast ? text.rfind(kHashes) : text.find(kHashes);
  if (at == View::npos) return {};
  const auto rest = text.substr(at + kHashes.size());
  return {std::string(trim(rest.substr(0, rest.find('\n'))))};
}

Candidates any_number(View text, Match match) {
  const auto plain = strip_markup(text);
  const auto found = match == Match::kLast ? find_last_number(plain) : find_number(plain);
  if (!found) return {};
  return {found->number.text()};
}

using Rule = Candidates (*)(View text, Match match);
constexpr std::array<View, 7> kRuleNames = {"boxed",     "hashes", "answer", "whole",
                                            "delimited", "bold",   "number"};
constexpr std::array<Rule, 7> kRules = {boxed_math,     hashed_math, announced_math, whole_math,
                                        delimited_math, bold_math,   any_number};

// Prose with a number in it is no answer as a whole; its number may be. "Less than 5" is no prose.
bool is_prose(const Expression& expression) {
  if (expression->kind == NodeKind::kList) {
    return std::any_of(expression->children.begin(), expression->children.end(), is_prose);
  }
  if (expression->kind != NodeKind::kLabelled) return false;
  const auto words = lower(expression->text);
  return !is_preamble(words) && !changes_number(words);
}

struct Found {
  MathReading reading;
  std::string text;
  std::string_view rule;
};

// `gold`: what it spells is no prose, whatever it looks like.
std::optional<Found> find_answer(View text, const RuleOptions& options, const MathReading& gold) {
  std::optional<Found> prose;
  for (const auto& name : options.rules) {
    const auto at = static_cast<std::size_t>(std::find(kRuleNames.begin(), kRuleNames.end(), name) -
                                             kRuleNames.begin());
    auto candidates = kRules[at](text, options.match);
    // An empty box is no answer, and what stands before it is not meant as one.
    const auto blank = [](const std::string& one) { return trim(one).empty(); };
    if (!candidates.empty() && std::all_of(candidates.begin(), candidates.end(), blank)) break;
    for (auto& candidate : candidates) {
      auto reading = read_math(candidate);
      const bool placed = kRuleNames[at] == "boxed" || kRuleNames[at] == "hashes";
      if (reading.expressions.empty() && !(placed && !reading.words.empty())) continue;
      Found found{std::move(reading), std::move(candidate), kRuleNames[at]};
      const bool prosaic =
          !placed && found.reading.spelling != gold.spelling &&
          std::any_of(found.reading.expressions.begin(), found.reading.expressions.end(), is_prose);
      if (!prosaic) return found;
      if (!prose) prose = std::move(found);
    }
  }
  return prose;
}

// A reference: an answer alone, or a solution that boxes it or ends in "#### answer".
MathReading read_gold(const std::string& gold) {
  const auto text = fold_text(gold);
  for (const Rule rule : {Rule(boxed_math), Rule(hashed_math)}) {
    for (const auto& candidate : rule(text, Match::kLast)) {
      auto reading = read_math(candidate);
      if (!reading.spelling.empty()) return reading;
    }
  }
  auto whole = read_math(text);
  if (!whole.expressions.empty()) return whole;
  for (const auto& candidate : delimited_math(text, Match::kLast)) {
    auto reading = read_math(candidate);
    if (!reading.expressions.empty()) return reading;
  }
  return whole;
}

harness::Verdict verdict_of(Equality equality) {
  switch (equality) {
    case Equality::kEqual:
      return harness::Verdict::kRight;
    case Equality::kDifferent:
      return harness::Verdict::kWrong;
    default:
      return harness::Verdict::kUndecided;
  }
}

class Math final : public harness::Scorer {
 public:
  Math(RuleOptions rules, const MathOptions& options)
      : rules_(std::move(rules)), options_(options) {}

  harness::Grade grade(const harness::Question& question, View answer) const override {
    harness::Grade grade;
    const auto gold = read_gold(question.gold);
    const auto found = find_answer(fold_text(without_thinking(answer)), rules_, gold);
    if (!found) return grade;
    grade.rule = found->rule;
    grade.extracted = found->text;
    grade.verdict = verdict_of(compare_math(gold, found->reading, options_));
    return grade;
  }
  View version() const override { return "math-1"; }

 private:
  RuleOptions rules_;
  MathOptions options_;
};

MathOptions read_math_options(harness::Fields& fields) {
  constexpr std::array<View, 2> kPercents = {"either", "value"};
  MathOptions options;
  const auto* const percent = fields.any("percent");
  if (percent != nullptr && percent->is_boolean()) {
    options.percent_is_value = !percent->get<bool>();
  } else {
    options.percent_is_value = fields.optional_one_of("percent", kPercents) == "value";
  }
  if (const auto precision = fields.optional_number("precision", 0, 40)) {
    if (*precision < 1) {
      options.tolerance = *precision;
    } else if (*precision == static_cast<int>(*precision)) {
      options.places = static_cast<int>(*precision);
    } else {
      throw harness::Error(fields.where("precision"), "is neither a whole number nor below 1",
                           "give decimal places (3) or a part of the number (0.001)");
    }
  }
  options.strict = fields.optional_flag("strict").value_or(false);
  return options;
}

}  // namespace

std::unique_ptr<harness::Scorer> make_math(const nlohmann::json& options,
                                           const std::string& where) {
  harness::Fields fields(options, where);
  const auto math = read_math_options(fields);
  const RuleOptions defaults{{kRuleNames.begin(), kRuleNames.end()}, Match::kLast, {}};
  auto rules = read_rule_options(fields, kRuleNames, defaults, {});
  fields.done();
  return std::make_unique<Math>(std::move(rules), math);
}

}  // namespace pingjia::suites

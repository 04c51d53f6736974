#include "suites/scorers/numeric.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "suites/extract/answer_phrase.h"
#include "suites/extract/number.h"
#include "suites/extract/plain_text.h"
#include "suites/extract/published_patterns.h"
#include "suites/extract/rule_options.h"
#include "suites/extract/think_tags.h"

namespace pingjia::suites {

namespace {

using View = std::string_view;

// Calculations before the result: "48 + 24 = 72", "x = 5".
const RE2& calculation() {
  static const RE2 pattern(R"(^[\s\d+\-*/×÷().,$€£¥%{}^\\]*(?:[A-Za-z]\w{0,2}\s*)?(?:=|≈))");
  return pattern;
}

// What may stand between "the answer is" and its number.
const RE2& prelude() {
  static const RE2 pattern(
      R"((?i)^[\s$€£¥₹({\["'*:~≈=+-]*(?:(?:approximately|about|around|roughly|exactly|only|just|a|total|of|equal|to|usd|rs\.?|约|大约|共|一共|总共)[\s$€£¥₹({\["'*:~≈=+-]*)*)");
  return pattern;
}

// The number of a place where the answer stands: after its calculations; at once, or else the last
// one of the first sentence that has any.
std::optional<Number> number_of(View place) {
  re2::StringPiece rest(place.data(), place.size());
  while (RE2::Consume(&rest, calculation())) {
  }
  place = View(rest.data(), rest.size());
  const auto first = find_number(place);
  if (!first) return std::nullopt;
  RE2::Consume(&rest, prelude());
  const auto at_once = place.size() - rest.size();
  if (first->begin <= at_once) return first->number;
  const auto sentence = place.substr(0, place.find(". ", first->end));
  const auto last = find_last_number(sentence);
  return last ? last->number : first->number;
}

std::optional<Number> by_boxed(View text, Match match) {
  for (const auto box : boxed_contents(text, match)) {
    if (auto number = number_of(box)) return number;
  }
  return std::nullopt;
}

std::optional<Number> by_hashes(View text, Match match) {
  constexpr View kHashes = "####";
  const auto at = match == Match::kLast ? text.rfind(kHashes) : text.find(kHashes);
  if (at == View::npos) return std::nullopt;
  const auto rest = text.substr(at + kHashes.size());
  return number_of(rest.substr(0, rest.find('\n')));
}

std::optional<Number> by_phrase(View text, Match match) {
  for (const auto window : after_answer_phrases(text, match)) {
    if (auto number = number_of(window)) return number;
  }
  return std::nullopt;
}

std::optional<Number> by_number(View text, Match match) {
  auto found = match == Match::kLast ? find_last_number(text) : find_number(text);
  return found ? std::optional(std::move(found->number)) : std::nullopt;
}

using Rule = std::optional<Number> (*)(View text, Match match);
constexpr std::array<View, 4> kRuleNames = {"boxed", "hashes", "answer", "number"};
constexpr std::array<Rule, 4> kRules = {by_boxed, by_hashes, by_phrase, by_number};

// Rules of other harnesses, on the text as it came; what they find begins with a number.
using PublishedRule = std::optional<View> (*)(View text);
struct Published {
  View name;
  PublishedRule find;
};
constexpr Published kPublished[] = {{"strict-match", strict_match},
                                    {"flexible-extract", flexible_extract}};

const std::array<NamedRules, 2>& protocols() {
  static const std::array<NamedRules, 2> named = {
      {{"strict-match", {"strict-match"}, Match::kFirst},
       {"flexible-extract", {"flexible-extract"}, Match::kLast}}};
  return named;
}

std::vector<View> rule_names() {
  std::vector<View> names(kRuleNames.begin(), kRuleNames.end());
  for (const auto& rule : kPublished) names.push_back(rule.name);
  return names;
}

// `raw` as it came, `text` folded and without markup.
std::optional<Number> apply(View rule, View raw, View text, Match match) {
  for (const auto& published : kPublished) {
    if (published.name != rule) continue;
    const auto place = published.find(raw);
    return place ? by_number(*place, Match::kFirst) : std::nullopt;
  }
  const auto at = std::find(kRuleNames.begin(), kRuleNames.end(), rule) - kRuleNames.begin();
  return kRules[static_cast<std::size_t>(at)](text, match);
}

std::optional<Number> by_pattern(const PatternRule& rule, View raw) {
  const auto found = find_pattern(raw, *rule.pattern, rule.match);
  return found ? number_of(strip_markup(fold_text(*found))) : std::nullopt;
}

// A reference: a number with its unit, or a solution that ends in "#### number".
std::optional<Number> gold_number(const std::string& gold) {
  const auto text = strip_markup(fold_text(gold));
  for (const Rule rule : {by_hashes, by_boxed}) {
    if (auto number = rule(text, Match::kLast)) return number;
  }
  return number_of(trim(text));
}

// A percentage as a part of one.
Number of_one(Number number) {
  if (number.percent) number.scale -= 2;
  return number;
}

harness::Verdict compare(const Number& answer, const Number& gold) {
  using harness::Verdict;
  const auto scaled = equal(answer, gold, true);
  if (!scaled) return Verdict::kUndecided;
  if (*scaled) return Verdict::kRight;
  // "3 million" against 3, "75%" against 0.75: the question may have asked for either.
  const bool unscaled = equal(answer, gold, false).value_or(true);
  const bool as_part =
      answer.percent != gold.percent && equal(of_one(answer), of_one(gold), true).value_or(true);
  return unscaled || as_part ? Verdict::kUndecided : Verdict::kWrong;
}

class Numeric final : public harness::Scorer {
 public:
  explicit Numeric(RuleOptions options) : options_(std::move(options)) {}

  harness::Grade grade(const harness::Question& question, View answer) const override {
    harness::Grade grade;
    const auto raw = without_thinking(answer);
    const auto text = strip_markup(fold_text(raw));
    for (const auto& rule : options_.rules) {
      const auto* const own = options_.pattern(rule);
      const auto number = own ? by_pattern(*own, raw) : apply(rule, raw, text, options_.match);
      if (!number) continue;
      grade.rule = rule;
      grade.extracted = number->text();
      const auto gold = gold_number(question.gold);
      grade.verdict = gold ? compare(*number, *gold) : harness::Verdict::kUndecided;
      break;
    }
    return grade;
  }
  View version() const override { return "numeric-2"; }

 private:
  RuleOptions options_;
};

}  // namespace

std::unique_ptr<harness::Scorer> make_numeric(const nlohmann::json& options,
                                              const std::string& where) {
  const RuleOptions defaults{{kRuleNames.begin(), kRuleNames.end()}, Match::kLast, {}};
  return std::make_unique<Numeric>(
      read_rule_options(options, where, rule_names(), defaults, protocols()));
}

}  // namespace pingjia::suites

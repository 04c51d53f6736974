#include "suites/scorers/choice.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "suites/extract/choice_text.h"
#include "suites/extract/letters.h"
#include "suites/extract/plain_text.h"
#include "suites/extract/published_patterns.h"
#include "suites/extract/rule_options.h"
#include "suites/extract/think_tags.h"

namespace pingjia::suites {

namespace {

using View = std::string_view;

// From what is surely an answer to what may be one.
constexpr std::array<View, 8> kRuleNames = {"whole",   "text", "boxed", "answer",
                                            "bracket", "line", "lone",  "within"};
constexpr std::array<LetterRule, 8> kRules = {letter_alone,     choice_alone,     letter_boxed,
                                              letter_announced, letter_bracketed, letter_of_line,
                                              letter_lone,      choice_within};

// Rules of other harnesses, on the text as it came; what they find is a letter.
using PublishedRule = std::optional<View> (*)(View text);
struct Published {
  View name;
  PublishedRule find;
};
constexpr Published kPublished[] = {{"simple-evals", simple_evals_letter},
                                    {"mmlu-pro", mmlu_pro_letter}};

const std::array<NamedRules, 2>& protocols() {
  static const std::array<NamedRules, 2> named = {
      {{"simple-evals", {"simple-evals"}, Match::kFirst},
       {"mmlu-pro", {"mmlu-pro"}, Match::kFirst}}};
  return named;
}

std::vector<View> rule_names() {
  std::vector<View> names(kRuleNames.begin(), kRuleNames.end());
  for (const auto& rule : kPublished) names.push_back(rule.name);
  return names;
}

// `raw` as it came, `text` without its dress.
std::optional<LetterFound> apply(View rule, View raw, View text, const Choices& choices,
                                 Match match) {
  for (const auto& published : kPublished) {
    if (published.name != rule) continue;
    const auto letter = published.find(raw);
    return letter ? letter_alone(*letter, choices, match) : std::nullopt;
  }
  const auto at = std::find(kRuleNames.begin(), kRuleNames.end(), rule) - kRuleNames.begin();
  return kRules[static_cast<std::size_t>(at)](text, choices, match);
}

std::string plain(View text) {
  auto stripped = strip_markup(fold_text(text));
  // Neither emphasis, code nor formulas say anything about a letter.
  std::erase_if(stripped, [](char c) { return c == '*' || c == '`' || c == '$'; });
  return std::string(trim(stripped));
}

// The suite's own pattern finds a letter, or a choice's text.
std::optional<LetterFound> by_pattern(const PatternRule& rule, View raw, const Choices& choices) {
  const auto found = find_pattern(raw, *rule.pattern, rule.match);
  if (!found) return std::nullopt;
  const auto text = plain(*found);
  const auto letter = letter_alone(text, choices, rule.match);
  return letter ? letter : choice_alone(text, choices, rule.match);
}

// The gold letter, however it is dressed; a gold that is a choice's text counts too.
std::optional<char> gold_letter(const harness::Question& question) {
  const Choices all{26, question.choices};
  const auto gold = plain(question.gold);
  if (const auto letter = letter_alone(gold, all, Match::kLast)) return letter->letter;
  return choice_equal(gold, question.choices);
}

int letter_count(const harness::Question& question, std::optional<char> gold) {
  if (!question.choices.empty()) {
    return static_cast<int>(std::min<std::size_t>(question.choices.size(), 26));
  }
  constexpr int kUsual = 10;
  return gold ? std::max(kUsual, *gold - 'A' + 1) : kUsual;
}

class Choice final : public harness::Scorer {
 public:
  explicit Choice(RuleOptions options) : options_(std::move(options)) {}

  harness::Grade grade(const harness::Question& question, View answer) const override {
    harness::Grade grade;
    const auto gold = gold_letter(question);
    const Choices choices{letter_count(question, gold), question.choices};
    const auto raw = without_thinking(answer);
    const auto text = plain(raw);
    for (const auto& rule : options_.rules) {
      const auto* const own = options_.pattern(rule);
      const auto found =
          own ? by_pattern(*own, raw, choices) : apply(rule, raw, text, choices, options_.match);
      if (!found) continue;
      grade.rule = found->several ? "several" : rule;
      if (found->several) break;
      grade.extracted = std::string(1, found->letter);
      if (!gold || *gold >= 'A' + choices.count) {
        grade.verdict = harness::Verdict::kUndecided;
      } else {
        grade.verdict =
            found->letter == *gold ? harness::Verdict::kRight : harness::Verdict::kWrong;
      }
      break;
    }
    return grade;
  }
  View version() const override { return "choice-2"; }

 private:
  RuleOptions options_;
};

}  // namespace

std::unique_ptr<harness::Scorer> make_choice(const nlohmann::json& options,
                                             const std::string& where) {
  const RuleOptions defaults{{kRuleNames.begin(), kRuleNames.end()}, Match::kLast, {}};
  return std::make_unique<Choice>(
      read_rule_options(options, where, rule_names(), defaults, protocols()));
}

}  // namespace pingjia::suites

#include <algorithm>
#include <cmath>

#include "suites/extract/ascii.h"
#include "suites/math/comparison.h"
#include "suites/math/exact.h"
#include "suites/math/numeric.h"
#include "suites/math/unit.h"

namespace pingjia::suites {

namespace {

using enum NodeKind;

Expression number(std::int64_t value) {
  return make_node(kNumber, std::to_string(value));
}

// Within a minus: "-5%".
const Node* signed_node(const Expression& expression, NodeKind kind) {
  const Node* node = expression.get();
  if (node->kind == kNegative) node = node->children[0].get();
  return node->kind == kind ? node : nullptr;
}

// The expression without the sign for percent.
Expression without_percent(const Expression& expression) {
  if (expression->kind == kNegative) {
    return make_node(kNegative, "", {without_percent(expression->children[0])});
  }
  return expression->kind == kPercent ? expression->children[0] : expression;
}

bool has_infinity(const Expression& expression) {
  if (expression->kind == kConstant) return expression->text == "inf";
  return std::any_of(expression->children.begin(), expression->children.end(), has_infinity);
}

// Digits after the point of a plain decimal.
std::optional<int> decimal_places(const Expression& expression) {
  const Node* const node = signed_node(expression, kNumber);
  if (node == nullptr || node->text.find_first_of("e(") != std::string::npos) return std::nullopt;
  const auto point = node->text.find('.');
  if (point == std::string::npos) return 0;
  return static_cast<int>(node->text.size() - point - 1);
}

bool share_a_word(const std::string& a, const std::string& b) {
  for (std::size_t at = 0; at < a.size();) {
    const auto end = std::min(a.find(' ', at), a.size());
    // A plural's s is no difference.
    const auto length = end - at > 3 && a[end - 1] == 's' ? end - at - 1 : end - at;
    if (length > 2 && b.find(a.substr(at, length)) != std::string::npos) return true;
    at = end + 1;
  }
  return false;
}

}  // namespace

Equality Comparison::values(const Expression& gold, const Expression& answer) {
  if (has_infinity(gold) || has_infinity(answer)) {
    return key_of(gold) == key_of(answer) ? Equality::kEqual : Equality::kDifferent;
  }
  auto result = equal_exactly(gold, answer, budget_);
  if (result == Equality::kUnknown) result = equal_numerically(gold, answer, budget_);
  if (result == Equality::kEqual || options_.strict) return result;
  if (near_values(gold, answer) == Equality::kEqual) return Equality::kEqual;
  // The only symbol may be written in the other case.
  const auto names = symbols_of(gold);
  const auto others = symbols_of(answer);
  if (names.size() == 1 && others.size() == 1 && names[0] != others[0] &&
      lower(names[0]) == lower(others[0])) {
    return values(gold, renamed(answer, others[0], names[0]));
  }
  return result;
}

// Whether a decimal of six places or more is the other number, rounded or cut off there.
bool Comparison::fits_decimal(const Expression& exact, const Expression& decimal) {
  constexpr int kEnoughPlaces = 6;
  const auto places = decimal_places(decimal);
  if (!places || *places < kEnoughPlaces || decimal_places(exact)) return false;
  const auto gap = distance(exact, decimal, budget_);
  return gap && *gap < std::pow(10.0, -*places);
}

Equality Comparison::near_values(const Expression& gold, const Expression& answer) {
  if (options_.places || options_.tolerance) {
    const auto gap = distance(gold, answer, budget_);
    const auto size = real_value(gold, budget_);
    if (!gap) return Equality::kUnknown;
    // One part in a million million more, for the rounding of the bound itself.
    constexpr double kSlack = 1 + 1e-12;
    if (options_.places && *gap <= 0.5 * std::pow(10.0, -*options_.places) * kSlack) {
      return Equality::kEqual;
    }
    if (options_.tolerance && size && *gap <= *options_.tolerance * std::abs(*size) * kSlack) {
      return Equality::kEqual;
    }
    return Equality::kDifferent;
  }
  return fits_decimal(gold, answer) || fits_decimal(answer, gold) ? Equality::kEqual
                                                                  : Equality::kDifferent;
}

// Proportional: 3:4 = 6:8. A part such as "05" tells the time.
Equality Comparison::ratios(const Node& gold, const Node& answer) {
  if (gold.children.size() != answer.children.size()) return Equality::kDifferent;
  for (const Node* node : {&gold, &answer}) {
    for (const auto& part : node->children) {
      const bool time = part->kind == kNumber && part->text.size() > 1 && part->text[0] == '0' &&
                        part->text[1] != '.';
      if (time) return Equality::kDifferent;
    }
  }
  for (std::size_t i = 1; i < gold.children.size(); ++i) {
    const auto left = make_node(kProduct, "", {gold.children[i], answer.children[0]});
    const auto right = make_node(kProduct, "", {answer.children[i], gold.children[0]});
    const auto one = values(left, right);
    if (one != Equality::kEqual) return one;
  }
  return Equality::kEqual;
}

// "1010_2" against "1010_2" or, where only one names the base, "1010".
Equality Comparison::based(const Expression& gold, const Expression& answer) const {
  if (gold->text != answer->text || options_.strict) return Equality::kDifferent;
  const bool one_base = gold->kind == kBased && answer->kind == kBased;
  if (!one_base) {
    const bool number = gold->kind == kNumber || answer->kind == kNumber;
    return number ? Equality::kEqual : Equality::kDifferent;
  }
  const std::string names[] = {"two",   "three", "four", "five", "six",
                               "seven", "eight", "nine", "ten"};
  const auto base = [&](const Expression& of) {
    const auto text = of->children[0]->text;
    for (std::size_t i = 0; i < std::size(names); ++i) {
      if (text == names[i]) return std::to_string(i + 2);
    }
    return text;
  };
  return base(gold) == base(answer) ? Equality::kEqual : Equality::kDifferent;
}

Equality Comparison::scalars(const Expression& gold, const Expression& answer) {
  if (gold->kind == kBased || answer->kind == kBased) return based(gold, answer);
  if (gold->kind == kRatio && answer->kind == kRatio) return ratios(*gold, *answer);
  const bool gold_percent = signed_node(gold, kPercent) != nullptr;
  const bool answer_percent = signed_node(answer, kPercent) != nullptr;
  const auto as_value = values(gold, answer);
  if (gold_percent == answer_percent || as_value == Equality::kEqual) return as_value;
  if (options_.percent_is_value || options_.strict) return as_value;
  return values(without_percent(gold), without_percent(answer));
}

Comparison::Measured Comparison::measure(const Expression& expression) const {
  Measured found{expression, "", ""};
  if (found.core->kind == kLabelled) {
    found.label = lower(found.core->text);
    found.core = found.core->children[0];
  }
  if (found.core->kind != kQuantity) return found;
  found.words = lower(found.core->text);
  found.core = found.core->children[0];
  // "3 million people"
  const auto end = std::min(found.words.find(' '), found.words.size());
  if (const auto scale = scale_of(found.words.substr(0, end))) {
    const auto factor =
        make_node(kNumber, "1" + std::string(static_cast<std::size_t>(*scale), '0'));
    found.core = make_node(kProduct, "", {found.core, factor});
    found.words.erase(0, std::min(end + 1, found.words.size()));
  }
  return found;
}

// Numbers with words around them: units must agree, what is counted may be left out.
Equality Comparison::measured(const Expression& gold, const Expression& answer) {
  auto x = measure(gold);
  auto y = measure(answer);
  if (x.core->kind == kWord || y.core->kind == kWord) return Equality::kDifferent;
  if (options_.strict && (x.words != y.words || x.label != y.label)) return Equality::kDifferent;
  const bool labels = x.label == y.label || (y.label.empty() && is_preamble(x.label)) ||
                      (x.label.empty() && is_preamble(y.label)) ||
                      (is_preamble(x.label) && is_preamble(y.label));
  if (!labels || (x.words != y.words && (changes_number(x.words) || changes_number(y.words)))) {
    return Equality::kDifferent;
  }
  const auto wanted = unit_of(x.words);
  const auto given = unit_of(y.words);
  if (wanted && given && x.words != y.words) {
    if (wanted->dimension != given->dimension) return Equality::kDifferent;
    const auto scaled = [](const Expression& core, const Unit& unit) {
      return make_node(
          kProduct, "",
          {core, make_node(kQuotient, "", {number(unit.numerator), number(unit.denominator)})});
    };
    if (wanted->numerator != given->numerator || wanted->denominator != given->denominator) {
      return equal(scaled(x.core, *wanted), scaled(y.core, *given));
    }
    return equal(x.core, y.core);
  }
  const auto result = equal(x.core, y.core);
  const bool alike = x.words == y.words || x.words.empty() || y.words.empty() ||
                     share_a_word(x.words, y.words) || share_a_word(y.words, x.words);
  // "5 apples" for "5 oranges": the number is right, and perhaps nothing else.
  return result == Equality::kEqual && !alike ? Equality::kUnknown : result;
}

}  // namespace pingjia::suites

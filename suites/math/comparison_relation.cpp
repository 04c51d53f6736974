#include <algorithm>

#include "suites/math/comparison.h"
#include "suites/math/numeric.h"
#include "suites/math/solution_set.h"

namespace pingjia::suites {

namespace {

using enum NodeKind;

// What an equation may be about: x, a_n, f(x), AB, (x, y), "Area", the angle at A.
bool is_name(const Expression& node) {
  switch (node->kind) {
    case kSymbol:
    case kWord:
      return true;
    case kCall:
      return node->text.size() == 1 || node->text.find_first_of("_'") != std::string::npos ||
             (node->text == "abs" && is_name(node->children[0]));
    case kTuple:
      return std::all_of(node->children.begin(), node->children.end(), is_name);
    case kProduct:
      // \angle A, \triangle ABC
      return node->children[0]->kind == kSymbol && node->children[0]->text.size() > 2 &&
             std::all_of(node->children.begin(), node->children.end(), is_name);
    case kLabelled:
      return is_name(node->children[0]);
    default:
      return false;
  }
}

bool all_equalities(const Node& relation) {
  return relation.text.find_first_not_of("=~") == std::string::npos &&
         relation.text.find('=') != std::string::npos;
}

bool has_inequality(const Node& relation) {
  return relation.text.find_first_of("<>lgn") != std::string::npos;
}

// "x = 10/3 ≈ 3.33": the last side before what is only near.
const Expression& value_side(const Node& relation) {
  const auto near = std::min(relation.text.find('~'), relation.text.size());
  return relation.children[near];
}

bool is_zero(const Expression& expression) {
  return expression->kind == kNumber && expression->text == "0";
}

// "5 = x" as "x = 5".
Expression facing(const Expression& expression) {
  if (expression->text != "=" || is_name(expression->children[0]) ||
      !is_name(expression->children[1])) {
    return expression;
  }
  return make_node(kRelation, "=", {expression->children[1], expression->children[0]});
}

Expression difference(const Node& relation) {
  return make_node(kSum, "", {relation.children[0],
                              make_node(kNegative, "", {relation.children[1]})});
}

}  // namespace

bool is_assignment(const Node& relation) {
  if (relation.kind != kRelation || relation.text[0] != '=' || !all_equalities(relation)) return false;
  if (!is_name(relation.children[0])) return false;
  // "x = 2x + 1" says something about x, not its value.
  const auto names = symbols_of(value_side(relation));
  const auto& name = relation.children[0];
  return name->kind != kSymbol || std::find(names.begin(), names.end(), name->text) == names.end();
}

std::vector<Expression> without_common_name(const std::vector<Expression>& elements) {
  if (elements.empty() || !is_assignment(*elements[0])) return elements;
  const auto name = key_of(elements[0]->children[0]);
  std::vector<Expression> values;
  for (const auto& element : elements) {
    if (element->kind != kRelation) {
      values.push_back(element);
    } else if (is_assignment(*element) && key_of(element->children[0]) == name) {
      values.push_back(value_side(*element));
    } else {
      return elements;
    }
  }
  return values;
}

Equality Comparison::relations(const Expression& gold, const Expression& answer) {
  if (gold->kind != kRelation) return against_relation(gold, *facing(answer));
  const auto wanted = facing(gold);
  if (answer->kind != kRelation) return relation_against(*wanted, answer);
  const auto given = facing(answer);
  if (is_assignment(*wanted) && is_assignment(*given)) return assignments(*wanted, *given);
  if (wanted->text == "=" && given->text == "=") return equations(*wanted, *given);
  if (has_inequality(*wanted) && has_inequality(*given)) return inequalities(wanted, given);
  if (wanted->text == given->text) return ordered(wanted->children, given->children);
  return Equality::kDifferent;
}

// The gold is no relation, the answer is: "x = 5" for 5.
Equality Comparison::against_relation(const Expression& gold, const Node& answer) {
  if (options_.strict) return Equality::kDifferent;
  if (answer.text == "e" && is_name(answer.children[0])) return equal(gold, answer.children[1]);
  if (has_inequality(answer)) {
    const auto wanted = solution_set(gold, budget_);
    const auto copy = std::make_shared<Node>(answer);
    if (!wanted || !solution_set(copy, budget_)) return Equality::kDifferent;
    // Right in substance; but to restate a condition is not to solve it, so published graders
    // refuse an inequality where the gold is a set.
    return sets(gold, copy) == Equality::kEqual ? Equality::kUnknown : Equality::kDifferent;
  }
  if (!all_equalities(answer)) return Equality::kDifferent;
  const auto& value = value_side(answer);
  if (is_assignment(answer)) return equal(gold, value);
  // "2 + 3 = 5" and "a + b = 5" end in the value; "x + y = 0" is an equation.
  const auto& first = answer.children[0];
  if (symbols_of(first).empty()) {
    const auto holds = equal(first, value);
    return holds == Equality::kEqual ? equal(gold, value) : holds;
  }
  if (is_zero(value) || !symbols_of(gold).empty()) return Equality::kDifferent;
  return equal(gold, value);
}

// The gold is a relation, the answer is none: 5 for "x = 5".
Equality Comparison::relation_against(const Node& gold, const Expression& answer) {
  if (options_.strict) return Equality::kDifferent;
  if (is_assignment(gold)) return equal(value_side(gold), answer);
  if (gold.text == "e" && is_name(gold.children[0])) return equal(gold.children[1], answer);
  if (!has_inequality(gold)) return Equality::kDifferent;
  const auto copy = std::make_shared<Node>(gold);
  if (!solution_set(copy, budget_) || answer->kind == kWord) return Equality::kDifferent;
  return sets(copy, answer);
}

Equality Comparison::assignments(const Node& gold, const Node& answer) {
  const auto& name = gold.children[0];
  const auto& other = answer.children[0];
  // y and f(x) both name a function.
  const bool functions = (name->kind == kCall) != (other->kind == kCall) && !options_.strict;
  if (key_of(name) != key_of(other) && !functions) {
    // Perhaps another form of one equation: "y = 2x", "x = y/2".
    if (symbols_of(value_side(gold)).empty()) return Equality::kDifferent;
    return equations(gold, answer);
  }
  return equal(value_side(gold), value_side(answer));
}

// Equations are the same when their differences are proportional.
Equality Comparison::equations(const Node& gold, const Node& answer) {
  if (gold.text != "=" || answer.text != "=") return Equality::kDifferent;
  // A gold "x = 5" asks for the solution; "2x = 10" is not solved.
  if (is_assignment(gold) && symbols_of(gold.children[1]).empty()) return Equality::kDifferent;
  const auto sides = ordered(gold.children, answer.children);
  if (sides == Equality::kEqual) return sides;
  return same_ratio(difference(gold), difference(answer), false);
}

// Whether f / g is a constant (a positive one), found at a sample point and checked at others.
Equality Comparison::same_ratio(const Expression& f, const Expression& g, bool positive) {
  if (symbols_of(f).empty() || symbols_of(f) != symbols_of(g)) return Equality::kDifferent;
  for (int trial = 0; trial < 3; ++trial) {
    const auto x = at_sample(f, trial);
    const auto y = at_sample(g, trial);
    const auto a = real_value(x, budget_);
    const auto b = real_value(y, budget_);
    if (!a || !b || *a == 0 || *b == 0) continue;
    if (positive && (*a > 0) != (*b > 0)) return Equality::kDifferent;
    return values(make_node(kProduct, "", {f, y}), make_node(kProduct, "", {g, x}));
  }
  return Equality::kUnknown;
}

Equality Comparison::inequalities(const Expression& gold, const Expression& answer) {
  const auto wanted = solution_set(gold, budget_);
  const auto given = solution_set(answer, budget_);
  if (wanted && given) {
    if (wanted->variable != given->variable) return Equality::kDifferent;
    return sets(gold, answer);
  }
  // A gold "x > 1" asks for the solution; "2x > 2" is not solved.
  if (wanted) return Equality::kDifferent;
  if (gold->text == answer->text) {
    const auto sides = ordered(gold->children, answer->children);
    if (sides == Equality::kEqual) return sides;
  }
  if (gold->text.size() != 1 || answer->text.size() != 1) return Equality::kDifferent;
  const auto greater = [](const Node& relation) {
    const auto sign = relation.text[0];
    const auto gap = difference(relation);
    return sign == '<' || sign == 'l' ? make_node(kNegative, "", {gap}) : gap;
  };
  const auto strictness = [](const Node& relation) {
    const auto sign = relation.text[0];
    return sign == 'l' || sign == 'g' ? 2 : (sign == 'n' ? 3 : 1);
  };
  if (strictness(*gold) != strictness(*answer)) return Equality::kDifferent;
  return same_ratio(greater(*gold), greater(*answer), strictness(*gold) != 3);
}

// "x = 1, y = 2" in any order; or (1, 2) by the names' own order.
Equality Comparison::systems(const std::vector<Expression>& gold,
                             const std::vector<Expression>& answer) {
  struct Assigned {
    std::string name;
    Expression value;
  };
  const auto read = [](const std::vector<Expression>& elements) {
    std::vector<Assigned> found;
    for (const auto& element : elements) {
      if (!is_assignment(*element)) return std::vector<Assigned>{};
      found.push_back({key_of(element->children[0]), value_side(*element)});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Assigned& a, const Assigned& b) { return a.name < b.name; });
    for (std::size_t i = 1; i < found.size(); ++i) {
      if (found[i].name == found[i - 1].name) return std::vector<Assigned>{};
    }
    return found;
  };
  const auto values_of = [](const std::vector<Assigned>& found) {
    std::vector<Expression> values;
    for (const auto& one : found) values.push_back(one.value);
    return values;
  };
  if (gold.size() != answer.size() || gold.size() < 2 || options_.strict) return Equality::kDifferent;
  const auto x = read(gold);
  const auto y = read(answer);
  if (!x.empty() && !y.empty()) return Equality::kDifferent;  // left to the names: unordered()
  if (!x.empty()) return ordered(values_of(x), answer);
  if (!y.empty()) return ordered(gold, values_of(y));
  return Equality::kDifferent;
}

}  // namespace pingjia::suites

#include "suites/math/comparison.h"

#include <algorithm>

#include "suites/extract/ascii.h"
#include "suites/math/solution_set.h"

namespace pingjia::suites {

namespace {

using enum NodeKind;

constexpr std::size_t kMostElements = 40;

bool is_set(const Node& node) {
  return node.kind == kUnion || node.kind == kIntersection || node.kind == kDifference ||
         node.kind == kBuilder || node.kind == kNamedSet;
}

bool is_collection(const Node& node) {
  return node.kind == kList || node.kind == kSet || node.kind == kTuple;
}

Equality both(Equality a, Equality b) {
  if (a == Equality::kDifferent || b == Equality::kDifferent) return Equality::kDifferent;
  return a == Equality::kUnknown ? a : b;
}

// The elements of a list or set; an expression with ± gives two.
std::vector<Expression> elements_of(const Expression& expression, bool keep_names) {
  if (expression->kind == kRelation) {
    // "x = ± 1", "x in {1, 2}"
    const bool named = is_assignment(*expression) || expression->text == "e";
    if (named && !keep_names) return elements_of(expression->children.back(), false);
    return {expression};
  }
  const bool several = expression->kind == kList || expression->kind == kSet;
  std::vector<Expression> elements;
  for (const auto& child :
       several ? (keep_names ? expression->children : without_common_name(expression->children))
               : std::vector{expression}) {
    if (contains(child, kPlusMinus)) {
      for (auto& one : both_signs(child)) elements.push_back(std::move(one));
    } else {
      elements.push_back(child);
    }
  }
  return elements;
}

bool has_relation(const Node& node) {
  return node.kind == kRelation ||
         ((node.kind == kList || node.kind == kSet) &&
          std::any_of(node.children.begin(), node.children.end(),
                      [](const Expression& child) { return child->kind == kRelation; }));
}

// The name that all assignments of a list give values to; empty for none, or for several.
std::string common_name(const Expression& expression) {
  const auto& first = expression->kind == kList && !expression->children.empty()
                          ? expression->children[0]
                          : expression;
  if (!is_assignment(*first)) return "";
  if (expression->kind == kList &&
      without_common_name(expression->children)[0] == expression->children[0]) {
    return "";
  }
  return key_of(first->children[0]);
}

void drop_repeated(std::vector<Expression>& elements) {
  std::vector<std::string> seen;
  std::erase_if(elements, [&](const Expression& element) {
    auto key = key_of(element);
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) return true;
    seen.push_back(std::move(key));
    return false;
  });
}

// "[[1, 2], [3, 4]]" is a matrix.
Expression as_matrix(const Expression& expression) {
  if (expression->kind == kMatrix) return expression;
  if (expression->kind != kTuple || expression->open != '[') return nullptr;
  for (const auto& row : expression->children) {
    if (row->kind != kTuple || row->open != '[') return nullptr;
  }
  return make_node(kMatrix, "", expression->children);
}

// Words that name a set.
Expression in_signs(const Expression& expression) {
  if (expression->kind != kWord) return expression;
  const std::string words = lower(expression->text);
  if (words == "all real numbers" || words == "all reals" || words == "all real values") {
    return make_node(kNamedSet, "R");
  }
  if (words == "no solution" || words == "no solutions" || words == "no real solutions" ||
      words == "empty set" || words == "the empty set") {
    return make_node(kNamedSet, "empty");
  }
  return expression;
}

bool has_ellipsis(const std::vector<Expression>& elements) {
  return std::any_of(elements.begin(), elements.end(),
                     [](const Expression& element) { return contains(element, kEllipsis); });
}

}  // namespace

Equality Comparison::equal(const Expression& gold, const Expression& answer) {
  if (key_of(gold) == key_of(answer)) return Equality::kEqual;
  if (!budget_.spend(1'000)) return Equality::kUnknown;
  return options_.strict ? by_kind(gold, answer) : by_kind(in_signs(gold), in_signs(answer));
}

Equality Comparison::by_kind(const Expression& gold, const Expression& answer) {
  // "± 3" says two things.
  const bool listed =
      gold->kind == kList || answer->kind == kList || gold->kind == kSet || answer->kind == kSet;
  if (!listed && (contains(gold, kPlusMinus) || contains(answer, kPlusMinus))) {
    const auto twice = [](const Expression& one) {
      return contains(one, kPlusMinus) ? make_node(kList, "", both_signs(one)) : one;
    };
    return equal(twice(gold), twice(answer));
  }
  if (gold->kind == kRelation || answer->kind == kRelation) {
    if (!is_collection(*gold) || gold->kind == kTuple) return relations(gold, answer);
  }
  if (gold->kind == kLabelled || gold->kind == kQuantity || answer->kind == kLabelled ||
      answer->kind == kQuantity) {
    if (!is_collection(*gold) && !is_collection(*answer)) return measured(gold, answer);
  }
  const auto gold_matrix = as_matrix(gold);
  const auto answer_matrix = as_matrix(answer);
  if (gold_matrix && answer_matrix) return matrices(*gold_matrix, *answer_matrix);
  if (is_set(*gold) || is_set(*answer)) return sets(gold, answer);
  if (is_collection(*gold) || is_collection(*answer)) return collections(gold, answer);
  if (gold->kind == kMatrix || answer->kind == kMatrix) return Equality::kDifferent;
  if (gold->kind == kWord || answer->kind == kWord) return words(gold, answer);
  return scalars(gold, answer);
}

Equality Comparison::words(const Expression& gold, const Expression& answer) const {
  if (options_.strict) return Equality::kDifferent;
  return key_of(gold, true) == key_of(answer, true) ? Equality::kEqual : Equality::kDifferent;
}

Equality Comparison::ordered(const std::vector<Expression>& gold,
                             const std::vector<Expression>& answer) {
  if (gold.size() != answer.size()) return Equality::kDifferent;
  auto result = Equality::kEqual;
  for (std::size_t i = 0; i < gold.size() && result != Equality::kDifferent; ++i) {
    result = both(result, equal(gold[i], answer[i]));
  }
  return result;
}

// Each of one has its own equal among the other.
Equality Comparison::unordered(std::vector<Expression> gold, std::vector<Expression> answer) {
  if (gold.size() != answer.size()) return Equality::kDifferent;
  if (gold.size() > kMostElements) return ordered(gold, answer);
  auto result = Equality::kEqual;
  for (const auto& wanted : gold) {
    auto best = Equality::kDifferent;
    auto place = answer.end();
    for (auto at = answer.begin(); at != answer.end() && best != Equality::kEqual; ++at) {
      const auto one = equal(wanted, *at);
      if (one == Equality::kDifferent) continue;
      best = one;
      place = at;
    }
    if (best == Equality::kDifferent) return best;
    answer.erase(place);
    result = both(result, best);
  }
  return result;
}

Equality Comparison::tuples(const Node& gold, const Node& answer) {
  const auto bracket = [](char c) { return c == '<' ? '(' : (c == '>' ? ')' : c); };
  if (bracket(gold.open) != bracket(answer.open) || bracket(gold.close) != bracket(answer.close)) {
    return Equality::kDifferent;
  }
  return ordered(gold.children, answer.children);
}

Equality Comparison::matrices(const Node& gold, const Node& answer) {
  if (gold.children.size() != answer.children.size()) return Equality::kDifferent;
  auto result = Equality::kEqual;
  for (std::size_t i = 0; i < gold.children.size() && result != Equality::kDifferent; ++i) {
    result = both(result, ordered(gold.children[i]->children, answer.children[i]->children));
  }
  return result;
}

Equality Comparison::sets(const Expression& gold, const Expression& answer) {
  const auto wanted = solution_set(gold, budget_);
  const auto given = wanted ? solution_set(answer, budget_) : std::nullopt;
  if (!wanted || !given) {
    // Sets with symbols for ends, or of whole numbers: part by part, as they are written.
    if (gold->kind != answer->kind || gold->text != answer->text) return Equality::kDifferent;
    return gold->kind == kUnion || gold->kind == kIntersection
               ? unordered(gold->children, answer->children)
               : ordered(gold->children, answer->children);
  }
  if (wanted->stretches.size() != given->stretches.size()) return Equality::kDifferent;
  auto result = Equality::kEqual;
  const auto ends = [&](const Expression& a, const Expression& b) {
    if (a == nullptr || b == nullptr) return a == b ? Equality::kEqual : Equality::kDifferent;
    return equal(a, b);
  };
  for (std::size_t i = 0; i < wanted->stretches.size(); ++i) {
    const auto& x = wanted->stretches[i];
    const auto& y = given->stretches[i];
    if (x.low_closed != y.low_closed || x.high_closed != y.high_closed) return Equality::kDifferent;
    result = both(result, both(ends(x.low, y.low), ends(x.high, y.high)));
  }
  return result;
}

Equality Comparison::collections(const Expression& gold, const Expression& answer) {
  ++lists_;
  const auto result = in_lists(gold, answer);
  --lists_;
  return result;
}

Equality Comparison::in_lists(const Expression& gold, const Expression& answer) {
  if (gold->kind == kTuple && answer->kind == kTuple) return tuples(*gold, *answer);
  if (gold->kind == kTuple || answer->kind == kTuple) {
    const auto& tuple = gold->kind == kTuple ? gold : answer;
    const auto& other = gold->kind == kTuple ? answer : gold;
    const bool round = tuple->open != '[' && tuple->close != ']';
    if (options_.strict || !round || other->kind != kList) return Equality::kDifferent;
    // "x = 1, y = 2" for (1, 2), and "1, 2" in that order.
    const auto assigned = systems(gold->children, answer->children);
    if (assigned != Equality::kDifferent) return assigned;
    return ordered(gold->children, answer->children);
  }
  if (options_.strict && gold->kind != answer->kind) return Equality::kDifferent;
  // Inequalities joined by "and" or "or".
  const bool conditions = (gold->kind == kList || gold->kind == kRelation) &&
                          (answer->kind == kList || answer->kind == kRelation);
  const auto wanted = conditions ? solution_set(gold, budget_) : std::nullopt;
  const auto given = wanted ? solution_set(answer, budget_) : std::nullopt;
  if (given && given->variable == wanted->variable) return sets(gold, answer);
  const auto gold_name = common_name(gold);
  const auto answer_name = common_name(answer);
  if (!gold_name.empty() && !answer_name.empty() && gold_name != answer_name) {
    return Equality::kDifferent;
  }
  // "x = 1, x = 2" without its name answers "1, 2"; beside another equation it keeps it.
  auto x = elements_of(gold, answer_name.empty() && has_relation(*answer));
  auto y = elements_of(answer, gold_name.empty() && has_relation(*gold));
  if (has_ellipsis(x) || has_ellipsis(y)) return ordered(x, y);
  if (gold->kind == kSet || answer->kind == kSet) {
    drop_repeated(x);
    drop_repeated(y);
  }
  const auto assigned = systems(x, y);
  if (assigned != Equality::kDifferent) return assigned;
  return unordered(std::move(x), std::move(y));
}

}  // namespace pingjia::suites

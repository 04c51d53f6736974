#include "suites/math/comparison.h"
#include "suites/math/sample_point.h"

namespace pingjia::suites {

namespace {

using enum NodeKind;

// A copy in which `leaf` has replaced nodes; it gives nothing for those that stay.
template <class Replace>
Expression replaced(const Expression& expression, const Replace& replace) {
  if (auto other = replace(expression)) return other;
  if (expression->children.empty()) return expression;
  auto copy = std::make_shared<Node>(*expression);
  for (auto& child : copy->children) child = replaced(child, replace);
  return copy;
}

Expression with_sign(const Expression& expression, bool plus) {
  return replaced(expression, [plus](const Expression& node) -> Expression {
    if (node->kind != kPlusMinus) return nullptr;
    auto inside = with_sign(node->children[0], plus);
    const bool positive = (node->text == "+-") == plus;
    return positive ? inside : make_node(kNegative, "", {inside});
  });
}

}  // namespace

std::vector<Expression> both_signs(const Expression& expression) {
  return {with_sign(expression, true), with_sign(expression, false)};
}

Expression at_sample(const Expression& expression, int trial) {
  return replaced(expression, [trial](const Expression& node) -> Expression {
    if (node->kind != kSymbol) return nullptr;
    const int value = sample_value(node->text, Region::kPositive, trial);
    return make_node(kQuotient, "", {make_node(kNumber, std::to_string(value)),
                                     make_node(kNumber, "1024")});
  });
}

Expression renamed(const Expression& expression, const std::string& from, const std::string& to) {
  return replaced(expression, [&](const Expression& node) -> Expression {
    if (node->kind != kSymbol || node->text != from) return nullptr;
    return make_node(kSymbol, to);
  });
}

}  // namespace pingjia::suites

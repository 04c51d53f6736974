#include "suites/math/parser_state.h"

namespace pingjia::suites {

using enum NodeKind;
using enum TokenKind;

namespace {

bool is_minus_one(const Expression& expression) {
  return expression->kind == kNegative && expression->children[0]->kind == NodeKind::kNumber &&
         expression->children[0]->text == "1";
}

}  // namespace

// name(a, b): brackets follow.
Expression Parser::called(const std::string& name) {
  auto inside = bracketed();
  if (inside->kind == kTuple || inside->kind == kSet) {
    return make_node(kCall, name, inside->children);
  }
  return make_node(kCall, name, {inside});
}

// "\sin 2x\cos x": the factors up to the next function, sign or bracket's end.
Expression Parser::bare_argument() {
  if (at_operator("-")) {
    const Deeper deeper(*this);
    ++at_;
    return make_node(kNegative, "", {bare_argument()});
  }
  if (at(kOpen) || at(kBar)) {
    auto inside = argument(false);
    if (at_operator("!")) inside = postfix(std::move(inside));
    return inside;
  }
  std::vector<Expression> factors{factor()};
  while (starts_factor() && !at(kFunction) && !at(kOpen) && !at(kBar)) {
    if (at(kDigits) && tokens_[at_ - 1].kind == kDigits) throw NoExpression{};
    factors.push_back(factor());
  }
  return factors.size() == 1 ? factors[0] : make_node(kProduct, "", std::move(factors));
}

// sin, log and the like: an exponent may stand before the argument, an index too.
Expression Parser::elementary(std::string name) {
  Expression power;
  Expression base;
  for (;;) {
    if (take(kOperator, "^")) {
      power = exponent();
    } else if (take(kOperator, "_")) {
      base = argument(false);
    } else {
      break;
    }
  }
  if (power && is_minus_one(power) && !name.starts_with("arc") && name != "log" && name != "ln") {
    name = "arc" + name;
    power = nullptr;
  }
  std::vector<Expression> arguments{bare_argument()};
  if (base) arguments.push_back(base);
  auto call = make_node(kCall, name, std::move(arguments));
  return power ? make_node(kPower, "", {call, power}) : call;
}

Expression Parser::root(std::string_view name) {
  Expression degree;
  if (name == "cbrt") {
    degree = make_node(NodeKind::kNumber, "3");
  } else if (take(kOpen, "[")) {
    degree = sum();
    expect(kClose, "]");
  }
  auto radicand = argument(false);
  if (!degree) return make_node(kCall, "sqrt", {radicand});
  return make_node(kCall, "root", {radicand, degree});
}

// \sum_{k=1}^{n} body, \int_a^b body, \lim_{x \to 0} body.
Expression Parser::series(const std::string& name) {
  std::vector<Expression> parts;
  while (at_operator("_") || at_operator("^")) {
    ++at_;
    parts.push_back(argument(false));
  }
  parts.push_back(term());
  return make_node(kCall, name, std::move(parts));
}

Expression Parser::function() {
  const Deeper deeper(*this);
  const std::string name = token().text;
  ++at_;
  if (name == "frac" || name == "binom") {
    auto first = argument(true);
    auto second = argument(true);
    if (name == "frac") return make_node(kQuotient, "", {first, second});
    return make_node(kCall, "binom", {first, second});
  }
  if (name == "sqrt" || name == "cbrt") return root(name);
  if (name == "overline" || name == "underline") return argument(false);
  if (name == "sum" || name == "prod" || name == "int" || name == "lim") return series(name);
  if (name == "pmod") return make_node(kCall, "pmod", {argument(false)});
  if (name == "gcd" || name == "lcm" || name == "max" || name == "min" || name == "abs" ||
      name == "det") {
    if (!at(kOpen)) throw NoExpression{};
    return called(name);
  }
  return elementary(name);
}

}  // namespace pingjia::suites

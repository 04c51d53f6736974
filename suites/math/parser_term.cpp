#include "suites/math/parser_state.h"

namespace pingjia::suites {

using enum NodeKind;
using enum TokenKind;

// Whether the next token begins a factor that multiplies what stands before it.
bool Parser::starts_factor() const {
  if (at_end()) return false;
  switch (token().kind) {
    case kDigits:
    case kLetter:
    case kConstantName:
    case kSetName:
    case kOpen:
    case kBegin:
    case kDots:
      return true;
    case kFunction:
      return token().text != "pmod";
    case kBar:
      return bars_ == 0 && !in_set_;
    default:
      return false;
  }
}

Expression Parser::signed_factor() {
  if (at_operator("-")) {
    const Deeper deeper(*this);
    ++at_;
    return make_node(kNegative, "", {signed_factor()});
  }
  if (take(kOperator, "+")) return signed_factor();
  return factor();
}

Expression Parser::ratio(Expression first) {
  std::vector<Expression> parts{std::move(first)};
  while (take(kOperator, ":")) parts.push_back(factor());
  return make_node(kRatio, "", std::move(parts));
}

Expression Parser::term() {
  std::vector<Expression> factors{factor()};
  const auto product = [&] {
    return factors.size() == 1 ? factors[0] : make_node(kProduct, "", factors);
  };
  for (;;) {
    if (take(kOperator, "*")) {
      factors.push_back(signed_factor());
    } else if (at_operator("/") || at_operator("over")) {
      // "\over" parts all that stands in its group; factors before it are all there is in practice.
      const bool over = at_operator("over");
      ++at_;
      auto divisor = over ? sum() : signed_factor();
      factors = {make_node(kQuotient, "", {product(), std::move(divisor)})};
    } else if (at_operator(":") && !in_set_) {
      factors = {ratio(product())};
    } else if (at_operator("mod") || at_operator("choose")) {
      const std::string name = at_operator("mod") ? "mod" : "binom";
      ++at_;
      factors = {make_node(kCall, name, {product(), signed_factor()})};
    } else if (at(kFunction, "pmod")) {
      ++at_;
      factors = {make_node(kCall, "pmod", {product(), argument(false)})};
    } else if (starts_factor()) {
      // "(5 mod 7)" apart, two numbers side by side are no product.
      if (at(kDigits) && tokens_[at_ - 1].kind == kDigits) throw NoExpression{};
      if (at(kOpen, "(") && token(1).is(kOperator, "mod")) {
        at_ += 2;
        factors = {make_node(kCall, "pmod", {product(), sum()})};
        expect(kClose, ")");
        continue;
      }
      factors.push_back(factor());
    } else {
      return product();
    }
  }
}

// "^\circ" and "^{\circ}".
bool Parser::degree_follows() {
  if (token(1).is(kOperator, "deg")) {
    at_ += 2;
    return true;
  }
  if (token(1).is(kOpen, "{") && token(2).is(kOperator, "deg") && token(3).is(kClose, "}")) {
    at_ += 4;
    return true;
  }
  return false;
}

Expression Parser::exponent() {
  const Deeper deeper(*this);
  if (at_operator("-")) {
    ++at_;
    return make_node(kNegative, "", {exponent()});
  }
  if (take(kOperator, "+")) return exponent();
  auto base = argument(false);
  if (at_operator("!")) base = postfix(std::move(base));
  if (!take(kOperator, "^")) return base;
  return make_node(kPower, "", {base, exponent()});
}

Expression Parser::postfix(Expression base) {
  for (;;) {
    if (take(kOperator, "!")) {
      base = make_node(kFactorial, "", {base});
    } else if (take(kOperator, "%")) {
      base = make_node(kPercent, "", {base});
    } else if (take(kOperator, "deg")) {
      base = make_node(kDegree, "", {base});
    } else {
      return base;
    }
  }
}

Expression Parser::factor() {
  const Deeper deeper(*this);
  auto base = postfix(primary());
  while (at_operator("^")) {
    if (degree_follows()) {
      base = postfix(make_node(kDegree, "", {base}));
      continue;
    }
    ++at_;
    base = postfix(make_node(kPower, "", {base, exponent()}));
  }
  return base;
}

}  // namespace pingjia::suites

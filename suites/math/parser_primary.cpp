#include <algorithm>

#include "suites/math/parser_state.h"

namespace pingjia::suites {

using enum NodeKind;
using enum TokenKind;

namespace {

bool is_integer(const Token& token) {
  return token.kind == kDigits && token.text.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

Expression Parser::primary() {
  const Deeper deeper(*this);
  switch (token().kind) {
    case kDigits:
      return number();
    case kLetter:
      return symbol();
    case kConstantName:
      ++at_;
      return make_node(NodeKind::kConstant, tokens_[at_ - 1].text);
    case kSetName:
      ++at_;
      return make_node(NodeKind::kNamedSet, tokens_[at_ - 1].text);
    case kDots:
      ++at_;
      return make_node(NodeKind::kEllipsis);
    case kFunction:
      return function();
    case kOpen:
    case kBegin:
      return bracketed();
    case kBar:
      return absolute();
    case kText:
      // "x^{\text{max}}": words within brackets.
      ++at_;
      return make_node(NodeKind::kWord, tokens_[at_ - 1].text);
    default:
      throw NoExpression{};
  }
}

// "2\frac{1}{2}" and "2 1/2": what follows a whole number is added, not multiplied.
Expression Parser::mixed(const std::string& whole) {
  std::string numerator;
  std::string denominator;
  if (at(kFunction, "frac")) {
    const bool braced = token(1).is(kOpen, "{") && is_integer(token(2)) &&
                        token(3).is(kClose, "}") && token(4).is(kOpen, "{") &&
                        is_integer(token(5)) && token(6).is(kClose, "}");
    const bool digits = is_integer(token(1)) && token(1).text.size() == 2;
    const bool apart = is_integer(token(1)) && token(1).text.size() == 1 && is_integer(token(2)) &&
                       token(2).text.size() == 1;
    if (!braced && !digits && !apart) return nullptr;
    numerator = braced ? token(2).text : token(1).text.substr(0, 1);
    denominator = braced ? token(5).text : (digits ? token(1).text.substr(1) : token(2).text);
    at_ += braced ? 7 : (digits ? 2 : 3);
  } else if (is_integer(token()) && token().spaced && token(1).is(kOperator, "/") &&
             is_integer(token(2))) {
    numerator = token().text;
    denominator = token(2).text;
    at_ += 3;
  } else {
    return nullptr;
  }
  auto fraction = make_node(kQuotient, "", {make_node(NodeKind::kNumber, numerator),
                                            make_node(NodeKind::kNumber, denominator)});
  return make_node(kSum, "", {make_node(NodeKind::kNumber, whole), fraction});
}

// "0.1\overline{6}": the digits under the line repeat.
Expression Parser::repeating(std::string digits) {
  ++at_;
  const bool braced = take(kOpen, "{");
  if (!is_integer(token())) throw NoExpression{};
  digits += "(" + token().text + ")";
  ++at_;
  if (braced) expect(kClose, "}");
  return make_node(NodeKind::kNumber, digits);
}

Expression Parser::number() {
  const Token& read = token();
  const std::string digits = read.text;
  ++at_;
  if (at(kFunction, "overline") && digits.find('.') != std::string::npos) return repeating(digits);
  if (is_integer(read)) {
    if (auto sum = mixed(digits)) return sum;
  }
  if (take(kOperator, "_")) return make_node(kBased, digits, {argument(false)});
  return make_node(NodeKind::kNumber, digits);
}

// What follows "_", as part of the name.
std::string Parser::index() {
  return "_" + key_of(argument(false));
}

Expression Parser::symbol() {
  std::string name = token().text;
  ++at_;
  for (;;) {
    if (take(kOperator, "_")) {
      name += index();
    } else if (take(kOperator, "'")) {
      name += '\'';
    } else if (at_operator("^") && token(1).is(kOperator, "'")) {
      at_ += 2;
      name += '\'';
    } else {
      break;
    }
  }
  const bool names_function = name[0] == 'f' || name[0] == 'g' || name[0] == 'h' || name == "P" ||
                              name == "F" || name == "T" || name == "Gamma" || name == "phi";
  const bool letter = name.size() == 1 || name.find_first_of("_'") != std::string::npos;
  if (names_function && letter && at(kOpen, "(") && !token().spaced) return called(name);
  return make_node(NodeKind::kSymbol, name);
}

// The argument of a command or of ^ and _: a group, or one factor without its exponent. In
// "\frac12" each digit is an argument.
Expression Parser::argument(bool one_digit) {
  const Deeper deeper(*this);
  if (one_digit && at(kDigits) && token().text.size() > 1) {
    auto digit = make_node(NodeKind::kNumber, token().text.substr(0, 1));
    tokens_[at_].text.erase(0, 1);
    if (tokens_[at_].text[0] == '.') throw NoExpression{};
    return digit;
  }
  if (at(kDigits)) {
    ++at_;
    return make_node(NodeKind::kNumber, tokens_[at_ - 1].text);
  }
  return primary();
}

Expression Parser::absolute() {
  ++at_;
  const int bars = bars_;
  bars_ = 1;
  auto inside = sum();
  expect(kBar, "|");
  bars_ = bars;
  return make_node(kCall, "abs", {inside});
}

}  // namespace pingjia::suites

#include "suites/math/parser.h"

#include "suites/math/parser_state.h"

namespace pingjia::suites {

using enum NodeKind;
using enum TokenKind;

namespace {

bool separates(const Token& token) {
  return token.kind == kConnector ||
         (token.kind == kOperator && (token.text == "," || token.text == ";"));
}

}  // namespace

std::optional<Expression> parse(const Tokens& tokens) {
  if (tokens.broken || tokens.list.empty()) return std::nullopt;
  try {
    auto whole = Parser(tokens.list).whole();
    if (whole && whole->depth > kDeepestTree) return std::nullopt;
    return whole;
  } catch (const Parser::NoExpression&) {
    return std::nullopt;
  }
}

Parser::Deeper::Deeper(Parser& parser) : parser_(parser) {
  if (++parser_.depth_ > kDeepest) {
    --parser_.depth_;
    throw NoExpression{};
  }
}

const Token& Parser::token(std::size_t ahead) const {
  static const Token none{kOperator, "", false};
  return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : none;
}

bool Parser::take(TokenKind kind, std::string_view text) {
  if (!at(kind, text)) return false;
  ++at_;
  return true;
}

void Parser::expect(TokenKind kind, std::string_view text) {
  if (!take(kind, text)) throw NoExpression{};
}

Expression Parser::whole() {
  auto expression = list();
  if (!at_end()) throw NoExpression{};
  return expression;
}

// Elements parted by commas, semicolons, "and", "or"; lines, outside of a matrix.
Expression Parser::list() {
  const Deeper deeper(*this);
  std::vector<Expression> elements{relation()};
  std::string joined;  // "or" where one was read: it decides how inequalities combine
  for (;;) {
    bool parted = false;
    while (separates(token()) || (!in_cell_ && at(kNewline))) {
      if (at(kConnector, "or")) joined = "or";
      ++at_;
      parted = true;
    }
    // A comma may end the text or the bracket.
    if (!parted || at_end() || at(kClose)) break;
    elements.push_back(relation());
  }
  return elements.size() == 1 ? elements[0] : make_node(kList, joined, std::move(elements));
}

Expression Parser::relation() {
  // "= 5", "\approx 5": what stood before was left out.
  if (at(kSign, "=") || at(kSign, "approx") || at(kSign, "~")) ++at_;
  std::vector<Expression> sides{set_operation()};
  std::string signs;
  while (at(kSign)) {
    signs += relation_sign(token().text);
    ++at_;
    sides.push_back(set_operation());
  }
  return signs.empty() ? sides[0] : make_node(kRelation, signs, std::move(sides));
}

Expression Parser::set_operation() {
  auto left = quantity();
  for (;;) {
    NodeKind kind = kUnion;
    if (at_operator("cap")) {
      kind = kIntersection;
    } else if (at_operator("minus")) {
      kind = kDifference;
    } else if (!at_operator("cup")) {
      return left;
    }
    ++at_;
    left = make_node(kind, "", {left, quantity()});
  }
}

// Words before an expression, or alone.
Expression Parser::labelled() {
  const std::string words = token().text;
  ++at_;
  // "Answer: 5", "Area = 5" (the sign is the relation's).
  const bool colon = take(kOperator, ":");
  if (!colon && !starts_factor() && !at(kCurrency) && !at_operator("-")) {
    return make_node(kWord, words);
  }
  if (colon && at_end()) return make_node(kWord, words);
  return make_node(kLabelled, words, {quantity()});
}

Expression Parser::quantity() {
  const Deeper deeper(*this);
  if (at(kText)) return labelled();
  if (at(kCurrency) || (at_operator("-") && token(1).kind == kCurrency)) {
    const bool negative = take(kOperator, "-");
    const std::string currency = token().text;
    ++at_;
    auto amount = sum();
    if (negative) amount = make_node(kNegative, "", {amount});
    if (at(kText)) {
      // "$3 million", "$5 dollars"
      amount = with_words(amount);
      return amount;
    }
    return make_node(kQuantity, currency, {amount});
  }
  return with_words(sum());
}

// A unit, or what is counted, after an expression.
Expression Parser::with_words(Expression expression) {
  if (at(kCurrency)) {
    std::string words = token().text;
    ++at_;
    return make_node(kQuantity, words, {std::move(expression)});
  }
  if (!at(kText)) return expression;
  std::string words = token().text;
  ++at_;
  for (;;) {
    if (at_operator("^")) {
      ++at_;
      const bool braced = take(kOpen, "{");
      take(kOperator, "-");
      if (!at(kDigits)) throw NoExpression{};
      words += "^" + token().text;
      ++at_;
      if (braced) expect(kClose, "}");
    } else if (at_operator("/") && (token(1).kind == kText || token(1).kind == kLetter)) {
      words += "/" + token(1).text;
      at_ += 2;
    } else if (at(kText)) {
      words += " " + token().text;
      ++at_;
    } else {
      break;
    }
  }
  return make_node(kQuantity, words, {std::move(expression)});
}

Expression Parser::signed_term() {
  if (take(kOperator, "+")) return signed_term();
  if (at_operator("-") || at_operator("+-") || at_operator("-+")) {
    const Deeper deeper(*this);
    const std::string sign = token().text;
    ++at_;
    auto of = signed_term();
    return sign == "-" ? make_node(kNegative, "", {of}) : make_node(kPlusMinus, sign, {of});
  }
  return term();
}

Expression Parser::sum() {
  std::vector<Expression> terms{signed_term()};
  while (at_operator("+") || at_operator("-") || at_operator("+-") || at_operator("-+")) {
    terms.push_back(signed_term());
  }
  return terms.size() == 1 ? terms[0] : make_node(kSum, "", std::move(terms));
}

}  // namespace pingjia::suites

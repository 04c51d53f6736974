#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "suites/math/expression.h"
#include "suites/math/token.h"

namespace pingjia::suites {

/// Recursive descent over tokens; the use of parse(). One level of the grammar a function, from the
/// loosest to the tightest. A text that is no expression throws NoExpression, which parse() catches.
class Parser {
 public:
  struct NoExpression {};

  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}
  Expression whole();

 private:
  class Deeper;

  // parser.cpp
  Expression list();
  Expression relation();
  Expression set_operation();
  Expression quantity();
  Expression labelled();
  Expression with_words(Expression expression);
  Expression sum();
  Expression signed_term();

  // parser_term.cpp
  Expression term();
  Expression ratio(Expression first);
  Expression factor();
  Expression signed_factor();
  Expression exponent();
  Expression postfix(Expression base);
  bool degree_follows();
  bool starts_factor() const;
  std::string index();

  // parser_primary.cpp
  Expression primary();
  Expression number();
  Expression mixed(const std::string& whole);
  Expression repeating(std::string digits);
  Expression symbol();
  Expression argument(bool one_digit);
  Expression absolute();

  // parser_bracket.cpp
  Expression bracketed();
  Expression tuple(char open);
  Expression set();
  Expression group();
  Expression environment();
  Expression rows(std::string_view name);
  Expression enclosed(std::string_view open, std::string_view close, std::string_view function);

  // parser_function.cpp
  Expression function();
  Expression root(std::string_view name);
  Expression elementary(std::string name);
  Expression bare_argument();
  Expression series(const std::string& name);
  Expression called(const std::string& name);

  const Token& token(std::size_t ahead = 0) const;
  bool at_end() const { return at_ >= tokens_.size(); }
  bool at(TokenKind kind) const { return token().kind == kind && !at_end(); }
  bool at(TokenKind kind, std::string_view text) const { return at(kind) && token().text == text; }
  bool at_operator(std::string_view text) const { return at(TokenKind::kOperator, text); }
  bool take(TokenKind kind, std::string_view text);
  void expect(TokenKind kind, std::string_view text);

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int bars_ = 0;       // absolute values open in this bracket
  bool in_set_ = false;  // directly within { }, where : and | mean "such that"
  bool in_cell_ = false;
};

/// Counts one level of nesting; throws NoExpression below kDeepest.
class Parser::Deeper {
 public:
  explicit Deeper(Parser& parser);
  ~Deeper() { --parser_.depth_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  Parser& parser_;
};

}  // namespace pingjia::suites

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "suites/math/token.h"

namespace pingjia::suites {

/// Turns a text into tokens, left to right, once. tokenize() is its use.
class Lexer {
 public:
  Lexer(std::string_view text, Grouping grouping) : text_(text), grouping_(grouping) {}
  Tokens run();

 private:
  // lexer.cpp
  void step();
  void push(TokenKind kind, std::string_view text);
  void push_word(std::string_view word);
  void punctuation(char c);
  void open(std::string_view bracket);
  void close(std::string_view bracket);
  void superscript();
  bool skip_space();

  // lexer_command.cpp
  void command();
  void escape(char sign);
  void named_command(std::string_view name);
  void environment(std::string_view name);
  void text_command(std::string_view name);
  void sized_bracket(bool left);
  bool at_math_delimiter() const;
  std::string_view braced();

  // lexer_word.cpp
  void letters(bool prose);
  void plain_word(std::string_view run);
  bool function_prefix(std::string_view run);
  bool reads_as_prose(std::string_view run) const;

  // lexer_number.cpp
  void number();
  std::size_t group_end(std::size_t at, std::size_t leading, std::string& digits);
  std::size_t separator_at(std::size_t at, bool& certain) const;

  bool previous_is(TokenKind kind) const { return !list_.empty() && list_.back().kind == kind; }
  std::string_view rest() const { return text_.substr(at_); }

  std::string_view text_;
  Grouping grouping_;
  std::size_t at_ = 0;
  std::vector<Token> list_;
  std::string brackets_;  // those open, innermost last
  bool spaced_ = false;
  bool ambiguous_ = false;
  bool broken_ = false;
  int nesting_ = 0;  // of \text{} within \text{}
};

}  // namespace pingjia::suites

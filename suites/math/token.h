#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pingjia::suites {

enum class TokenKind {
  kDigits,     ///< "12", "0.5", "1.5e3": an unsigned decimal, thousands separators taken out.
  kLetter,     ///< One letter, or the name of a Greek or an unknown command: "x", "\alpha".
  kText,       ///< Words of prose or of \text{}: "cm", "Evelyn". Joined by one space.
  kFunction,   ///< "sin", "sqrt", "frac", "binom": something that takes arguments.
  kConstantName,   ///< "pi", "e", "i", "inf".
  kSetName,   ///< "R", "Z", "empty" …
  kOperator,   ///< One of + - * / ^ _ ! % : , ; ' and "+-", "-+", "deg", "cup", "cap", "minus".
  kSign,   ///< "=", "<", ">", "<=", ">=", "!=", "in", "~".
  kOpen,       ///< ( [ { of a group, "\\{" of a set, "|" of \left|, "<", "floor", "ceil".
  kClose,      ///< Their partners.
  kBar,        ///< A | that may open, close, or mean "such that".
  kConnector,  ///< "and", "or": parts a list as a comma does.
  kBegin,      ///< \begin{…}: the environment's name.
  kEnd,        ///< \end{…}.
  kAmpersand,
  kNewline,  ///< \\ within a matrix.
  kDots,
  kCurrency,  ///< "dollar", "euro", "pound", "yuan", "rupee".
};

struct Token {
  TokenKind kind = TokenKind::kText;
  std::string text;
  bool spaced = false;  ///< White space stands before it.

  bool is(TokenKind wanted, std::string_view wanted_text) const {
    return kind == wanted && text == wanted_text;
  }
};

/// Where a comma between digits ("1,234") separates thousands: nowhere, outside of brackets, or
/// everywhere. The same text may be meant either way.
enum class Grouping { kNone, kOutside, kEverywhere };

struct Tokens {
  std::vector<Token> list;
  bool ambiguous = false;  ///< A comma might, or might not, have separated thousands.
  bool broken = false;     ///< Braces that do not pair, or more tokens than kMostTokens.
};

inline constexpr std::size_t kMostTokens = 1'500;

/// Splits LaTeX or plain mathematics into tokens. `text` is an answer alone, without prose around
/// it, in UTF-8. Dress is dropped: $, \left, \displaystyle, spacing, \boxed. Linear.
Tokens tokenize(std::string_view text, Grouping grouping);

}  // namespace pingjia::suites

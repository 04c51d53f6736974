#include "suites/extract/ascii.h"
#include "suites/math/lexer.h"

namespace pingjia::suites {

namespace {

using View = std::string_view;
using enum TokenKind;

bool three_digits(View text, std::size_t at) {
  return at + 3 <= text.size() && is_digit(text[at]) && is_digit(text[at + 1]) &&
         is_digit(text[at + 2]) && (at + 3 == text.size() || !is_digit(text[at + 3]));
}

}  // namespace

// Length of what may separate thousands at `at`; 0 for nothing. `certain` where it can mean
// nothing else.
std::size_t Lexer::separator_at(std::size_t at, bool& certain) const {
  const auto text = text_.substr(at);
  certain = true;
  for (const View sign : {View("{,}\\!"), View("{,}"), View(",\\!"), View("\\,"), View("\\!"),
                          View("{ }"), View("\\;"), View("\\ ")}) {
    if (text.starts_with(sign)) return sign.size();
  }
  certain = false;
  return text.starts_with(",") || text.starts_with(" ") ? 1 : 0;
}

// Takes groups of three digits as long as they follow; `leading` digits stand before them.
std::size_t Lexer::group_end(std::size_t at, std::size_t leading, std::string& digits) {
  if (leading == 0 || leading > 3 || digits == "0") return at;
  for (;;) {
    bool certain = false;
    const auto length = separator_at(at, certain);
    if (length == 0 || !three_digits(text_, at + length)) return at;
    if (!certain) {
      // "x_1 234" or "2 100": a space is no separator within brackets.
      if (text_[at] == ' ' && !brackets_.empty()) return at;
      ambiguous_ = true;
      if (grouping_ == Grouping::kNone) return at;
      if (grouping_ == Grouping::kOutside && !brackets_.empty()) return at;
    }
    digits.append(text_.substr(at + length, 3));
    at += length + 3;
  }
}

void Lexer::number() {
  std::string digits;
  auto at = at_;
  while (at < text_.size() && is_digit(text_[at])) digits += text_[at++];
  at = group_end(at, digits.size(), digits);
  const bool overline =
      text_.substr(at).starts_with(".\\overline") || text_.substr(at).starts_with(".\\dot");
  if (at + 1 < text_.size() && text_[at] == '.' && (is_digit(text_[at + 1]) || overline)) {
    digits += digits.empty() ? "0." : ".";
    ++at;
    while (at < text_.size() && is_digit(text_[at])) digits += text_[at++];
  }
  // Scientific notation needs its digits at once: "2e" is twice Euler's number.
  if (at + 1 < text_.size() && (text_[at] == 'e' || text_[at] == 'E')) {
    auto end = at + 1;
    if (text_[end] == '+' || text_[end] == '-') ++end;
    const auto first = end;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    const bool ends = end == text_.size() || !(is_letter(text_[end]) || text_[end] == '.');
    if (end > first && end - first <= 6 && ends) {
      digits += 'e';
      digits.append(text_.substr(at + 1, end - at - 1));
      at = end;
    }
  }
  at_ = at;
  push(kDigits, digits);
}

}  // namespace pingjia::suites

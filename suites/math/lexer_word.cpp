#include <algorithm>
#include <array>

#include "suites/extract/ascii.h"
#include "suites/math/lexer.h"
#include "suites/math/unit.h"
#include "suites/math/vocabulary.h"

namespace pingjia::suites {

namespace {

using View = std::string_view;
using enum TokenKind;

// Short words that are no product of symbols.
constexpr std::array<View, 60> kShort = {
    "is",  "the", "are", "no",  "yes", "not", "all", "odd", "day", "red", "one", "two",
    "six", "ten", "of",  "to",  "for", "if",  "we",  "it",  "its", "has", "be",  "by",
    "at",  "as",  "an",  "was", "sum", "so",  "set", "any", "per", "mph", "kph", "yen",
    "won", "am",  "pm",  "box", "cat", "dog", "man", "boy", "men", "her", "his", "she",
    "he",  "may", "th",  "st",  "nd",  "rd",  "sun", "mon", "fri", "tue", "wed", "sat"};

constexpr std::array<View, 20> kFunctionNames = {
    "arcsin", "arccos", "arctan", "arccot", "sinh", "cosh", "tanh", "sqrt", "sin", "cos",
    "tan",    "cot",    "sec",    "csc",    "log",  "exp",  "ln",   "lg",   "pi",  "inf"};

}  // namespace

// Whether a run of two or three letters is a word: known as one, or between words.
bool Lexer::reads_as_prose(View run) const {
  const auto lowered = lower(run);
  if (std::find(kShort.begin(), kShort.end(), lowered) != kShort.end()) return true;
  const bool all_lower = std::all_of(run.begin(), run.end(), is_lower);
  if (previous_is(kDigits) && is_unit(lowered)) return true;
  if (!all_lower) return true;  // "AB" is a segment and "No" a word: neither is a product
  if (previous_is(kText)) return true;
  // Followed by a longer word.
  const auto gap = text_.find_first_not_of(' ', at_);
  if (gap == View::npos || gap == at_) return false;
  std::size_t end = gap;
  while (end < text_.size() && is_letter(text_[end])) ++end;
  return end - gap >= 4 && !word_meaning(text_.substr(gap, end - gap));
}

// "sinx", "lnx", "2pir": a function or a constant, and up to two symbols.
bool Lexer::function_prefix(View run) {
  for (const auto name : kFunctionNames) {
    if (!run.starts_with(name) || run.size() > name.size() + 2) continue;
    const auto meaning = word_meaning(name);
    push(meaning->kind, meaning->text);
    for (const char& c : run.substr(name.size())) push(kLetter, View(&c, 1));
    return true;
  }
  return false;
}

void Lexer::plain_word(View run) {
  const auto known = word_meaning(run.size() <= 2 ? std::string(run) : lower(run));
  if (known && !(run == "in" && previous_is(kDigits))) {
    push(known->kind, known->text);
  } else if (run.size() == 1) {
    if (run == "e" || run == "i") {
      push(kConstantName, run);
    } else {
      push(kLetter, run);
    }
  } else if (run.size() <= 3 && !reads_as_prose(run)) {
    if (function_prefix(run)) return;
    for (const char& c : run) {
      push(c == 'e' || c == 'i' ? kConstantName : kLetter, View(&c, 1));
    }
  } else if (!function_prefix(run)) {
    push_word(run);
  }
}

void Lexer::letters(bool prose) {
  const auto begin = at_;
  while (at_ < text_.size() &&
         (is_letter(text_[at_]) || (prose && text_[at_] == '-' && at_ > begin &&
                                    at_ + 1 < text_.size() && is_letter(text_[at_ + 1])))) {
    ++at_;
  }
  const auto run = text_.substr(begin, at_ - begin);
  if (!prose) {
    plain_word(run);
    return;
  }
  // "a.m.", "sq. ft."
  if (at_ < text_.size() && text_[at_] == '.' && run.size() < 4) {
    std::string letters(run);
    while (at_ + 1 < text_.size() && text_[at_] == '.' && is_letter(text_[at_ + 1])) {
      letters += text_[at_ + 1];
      at_ += 2;
    }
    if (at_ < text_.size() && text_[at_] == '.') ++at_;
    push_word(letters);
    return;
  }
  const auto known = word_meaning(lower(run));
  const bool keeps =
      known && (known->kind == kConnector || known->text == "%" || known->text == "deg" ||
                known->kind == kConstantName || (known->kind == kFunction && run.size() > 2));
  if (keeps && !(run.size() == 2 && known->kind == kConstantName && run != "pi")) {
    push(known->kind, known->text);
  } else {
    push_word(run);
  }
}

}  // namespace pingjia::suites

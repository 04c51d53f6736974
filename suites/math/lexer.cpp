#include "suites/math/lexer.h"

#include <array>

#include "suites/extract/ascii.h"
#include "suites/math/vocabulary.h"

namespace pingjia::suites {

namespace {

using View = std::string_view;
using enum TokenKind;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
struct Script {
  View character;
  View plain;
};
constexpr std::array<Script, 14> kSuperscripts = {{{"⁰", "0"},
                                                   {"¹", "1"},
                                                   {"²", "2"},
                                                   {"³", "3"},
                                                   {"⁴", "4"},
                                                   {"⁵", "5"},
                                                   {"⁶", "6"},
                                                   {"⁷", "7"},
                                                   {"⁸", "8"},
                                                   {"⁹", "9"},
                                                   {"⁻", "-"},
                                                   {"⁺", "+"},
                                                   {"ⁿ", "n"},
                                                   {"ˣ", "x"}}};
constexpr std::array<Script, 10> kSubscripts = {{{"₀", "0"},
                                                 {"₁", "1"},
                                                 {"₂", "2"},
                                                 {"₃", "3"},
                                                 {"₄", "4"},
                                                 {"₅", "5"},
                                                 {"₆", "6"},
                                                 {"₇", "7"},
                                                 {"₈", "8"},
                                                 {"₉", "9"}}};
constexpr std::array<Script, 9> kFractions = {{{"½", "12"},
                                               {"⅓", "13"},
                                               {"⅔", "23"},
                                               {"¼", "14"},
                                               {"¾", "34"},
                                               {"⅕", "15"},
                                               {"⅙", "16"},
                                               {"⅛", "18"},
                                               {"⅜", "38"}}};

template <std::size_t N>
const Script* script_at(const std::array<Script, N>& table, View text) {
  for (const auto& entry : table) {
    if (text.starts_with(entry.character)) return &entry;
  }
  return nullptr;
}

std::size_t utf8_length(View text) {
  std::size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80)
    ++length;
  return length;
}

}  // namespace

Tokens tokenize(View text, Grouping grouping) {
  return Lexer(text, grouping).run();
}

Tokens Lexer::run() {
  while (at_ < text_.size() && !broken_) step();
  if (!brackets_.empty()) broken_ = broken_ || brackets_.find('{') != std::string::npos;
  return {std::move(list_), ambiguous_, broken_};
}

bool Lexer::skip_space() {
  const auto before = at_;
  while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  return at_ > before;
}

void Lexer::push(TokenKind kind, View text) {
  if (list_.size() >= kMostTokens) {
    broken_ = true;
    return;
  }
  list_.push_back({kind, std::string(text), spaced_});
  spaced_ = false;
}

// Neighbouring words are one.
void Lexer::push_word(View word) {
  if (previous_is(kText)) {
    list_.back().text += ' ';
    list_.back().text += word;
    spaced_ = false;
    return;
  }
  push(kText, word);
}

void Lexer::open(View bracket) {
  brackets_ += bracket.back();
  push(kOpen, bracket);
}

void Lexer::close(View bracket) {
  if (brackets_.empty()) {
    broken_ = broken_ || bracket == "}";
  } else {
    // "[0, 1)" is a pair; a brace of a group pairs with its like alone.
    const bool group = brackets_.back() == '{';
    broken_ = broken_ || (bracket == "}" && !group);
    brackets_.pop_back();
  }
  push(kClose, bracket);
}

void Lexer::superscript() {
  if (const auto* const fraction = script_at(kFractions, rest())) {
    push(kFunction, "frac");
    push(kDigits, fraction->plain.substr(0, 1));
    push(kDigits, fraction->plain.substr(1, 1));
    at_ += fraction->character.size();
    return;
  }
  const auto run_of = [&](const auto& table, View mark) {
    if (script_at(table, rest()) == nullptr) return false;
    push(kOperator, mark);
    push(kOpen, "{");
    while (const auto* const script = script_at(table, rest())) {
      const char c = script->plain[0];
      if (is_digit(c) && previous_is(kDigits)) {
        list_.back().text += c;
      } else {
        push(is_digit(c) ? kDigits : (is_letter(c) ? kLetter : kOperator), script->plain);
      }
      at_ += script->character.size();
    }
    push(kClose, "}");
    return true;
  };
  if (run_of(kSuperscripts, "^") || run_of(kSubscripts, "_")) return;
  if (const auto known = character_meaning(rest())) {
    at_ += known->character.size();
    push(known->meaning.kind, known->meaning.text);
    return;
  }
  // A letter of another script: Chinese words and the like.
  const auto length = utf8_length(rest());
  const auto character = text_.substr(at_, length);
  at_ += length;
  if (previous_is(kText) && !spaced_) {
    list_.back().text += character;
  } else {
    push_word(character);
  }
}

void Lexer::punctuation(char c) {
  const View sign = text_.substr(at_, 1);
  const View two = text_.substr(at_, 2);
  ++at_;
  if (two == "<=" || two == ">=" || two == "!=" || two == "=>" || two == "==") {
    ++at_;
    push(kSign, two == "==" ? "=" : two);
  } else if (two == "**") {
    ++at_;
    push(kOperator, "^");
  } else if (two == "+-" || two == "-+") {
    ++at_;
    push(kOperator, two);
  } else if (c == '(' || c == '[' || c == '{') {
    open(sign);
  } else if (c == ')' || c == ']' || c == '}') {
    close(sign);
  } else if (c == '=' || c == '<' || c == '>') {
    push(kSign, sign);
  } else if (c == '|') {
    push(kBar, sign);
  } else if (c == '&') {
    push(kAmpersand, sign);
  } else if (c == '$') {
    // Dollars that delimit mathematics were taken out before; one that is left is money.
    push(kCurrency, "dollar");
  } else if (c == '~' || c == '`' || c == '"') {
    spaced_ = true;
  } else {
    push(kOperator, sign);
  }
}

void Lexer::step() {
  if (skip_space()) {
    spaced_ = true;
    return;
  }
  const char c = text_[at_];
  const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  if (c == '{' && next == '}' && text_.size() > 2) {
    at_ += 2;  // an empty group, on which a superscript may hang
  } else if (c == '\\') {
    command();
  } else if (is_digit(c) || (c == '.' && is_digit(next))) {
    number();
  } else if (is_letter(c)) {
    letters(false);
  } else if (static_cast<unsigned char>(c) >= 0x80) {
    superscript();
  } else if (c == '.') {
    if (rest().starts_with("...")) {
      at_ += 3;
      push(kDots, "...");
    } else if (rest().find_first_not_of(". \t\r\n)]}") == View::npos) {
      ++at_;  // the end of a sentence
    } else {
      ++at_;
      push(kOperator, ".");
    }
  } else {
    punctuation(c);
  }
}

}  // namespace pingjia::suites

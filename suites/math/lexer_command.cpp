#include <algorithm>
#include <array>

#include "suites/extract/ascii.h"
#include "suites/math/lexer.h"
#include "suites/math/vocabulary.h"

namespace pingjia::suites {

namespace {

using View = std::string_view;
using enum TokenKind;

// Commands whose argument is prose, or upright.
constexpr std::array<View, 12> kTextCommands = {"text",   "textbf",       "textit", "textrm",
                                                "textsf", "texttt",       "mathrm", "mbox",
                                                "hbox",   "operatorname", "emph",   "textnormal"};
constexpr std::array<View, 4> kAlphabets = {"mathbb", "mathcal", "mathfrak", "mathscr"};
constexpr int kDeepestText = 4;

}  // namespace

// The contents of a brace group at the place, which moves behind it; one character without braces.
View Lexer::braced() {
  skip_space();
  if (at_ >= text_.size()) return {};
  if (text_[at_] != '{') return text_.substr(at_++, 1);
  int depth = 0;
  const auto begin = at_ + 1;
  for (; at_ < text_.size(); ++at_) {
    if (text_[at_] == '\\') {
      ++at_;
    } else if (text_[at_] == '{') {
      ++depth;
    } else if (text_[at_] == '}' && --depth == 0) {
      ++at_;
      return text_.substr(begin, at_ - 1 - begin);
    }
  }
  broken_ = true;
  at_ = text_.size();
  return {};
}

void Lexer::command() {
  ++at_;
  if (at_ >= text_.size()) {
    return;  // a lone backslash at the end
  }
  std::size_t length = 0;
  while (at_ + length < text_.size() && is_letter(text_[at_ + length])) ++length;
  if (length == 0) {
    escape(text_[at_++]);
    return;
  }
  const auto name = text_.substr(at_, length);
  at_ += length;
  named_command(name);
}

void Lexer::escape(char sign) {
  switch (sign) {
    case '{':
      open("\\{");
      return;
    case '}':
      close("\\}");
      return;
    case '\\':
      push(kNewline, "\\\\");
      return;
    case '%':
      push(kOperator, "%");
      return;
    case '$':
      push(kCurrency, "dollar");
      return;
    case '|':
      push(kBar, "|");
      return;
    case '&':
      push(kConnector, "and");
      return;
    case '#':
    case '_':
      push(kOperator, text_.substr(at_ - 1, 1));
      return;
    default:
      spaced_ = spaced_ || sign != '!';  // spacing, \( and \)
  }
}

void Lexer::named_command(View name) {
  if (name == "begin" || name == "end") {
    environment(name);
  } else if (name == "left" || name == "right") {
    sized_bracket(name == "left");
  } else if (std::find(kTextCommands.begin(), kTextCommands.end(), name) != kTextCommands.end()) {
    text_command(name);
  } else if (std::find(kAlphabets.begin(), kAlphabets.end(), name) != kAlphabets.end()) {
    const auto letter = braced();
    const bool set =
        name == "mathbb" && letter.size() == 1 && View("RZNQC").find(letter) != View::npos;
    push(set ? kSetName : kLetter, letter.substr(0, 8));
  } else if (name == "hspace" || name == "vspace" || name == "phantom" || name == "color" ||
             name == "label" || name == "tag") {
    braced();
  } else if (const auto meaning = command_meaning(name)) {
    if (meaning->kind == kOpen) {
      open(meaning->text);
    } else if (meaning->kind == kClose) {
      close(meaning->text);
    } else {
      push(meaning->kind, meaning->text);
    }
  }
}

void Lexer::environment(View name) {
  const auto environment = braced();
  if (name == "begin" && environment.find("array") != View::npos) braced();
  push(name == "begin" ? kBegin : kEnd, environment.substr(0, 24));
}

// What follows \left or \right: '.' is no bracket, '|' is one of a pair, '<' is no relation.
void Lexer::sized_bracket(bool left) {
  skip_space();
  if (at_ >= text_.size()) return;
  const char c = text_[at_];
  if (c == '.') {
    ++at_;
  } else if (c == '|' || c == '<' || c == '>') {
    ++at_;
    if (left) {
      open(c == '|' ? "|" : "<");
    } else {
      close(c == '|' ? "|" : ">");
    }
  }
}

void Lexer::text_command(View name) {
  const auto contents = braced();
  const bool upright = name == "mathrm" || name == "operatorname";
  if (upright && contents.size() == 1 && (contents == "e" || contents == "i")) {
    push(kConstantName, contents);
    return;
  }
  if (upright && contents.size() == 1 && !previous_is(kDigits)) {
    push(kLetter, contents);
    return;
  }
  if (nesting_ >= kDeepestText) {
    broken_ = true;
    return;
  }
  if (!contents.empty() && contents.front() == ' ') spaced_ = true;
  Lexer inner(contents, grouping_);
  inner.nesting_ = nesting_ + 1;
  while (inner.at_ < contents.size() && !inner.broken_) {
    if (is_letter(contents[inner.at_])) {
      inner.letters(true);
    } else {
      inner.step();
    }
  }
  broken_ = broken_ || inner.broken_ || !inner.brackets_.empty();
  for (auto& token : inner.list_) {
    spaced_ = spaced_ || token.spaced;
    if (token.kind == kText) {
      push_word(token.text);
    } else {
      push(token.kind, token.text);
    }
  }
}

}  // namespace pingjia::suites

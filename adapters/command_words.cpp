#include "adapters/command_words.h"

#include <utility>

#include "harness/base/error.h"

namespace pingjia::adapters {

namespace {

bool escapes(char quote, char next) {
  return quote == 0 || next == '"' || next == '\\';
}

}  // namespace

std::vector<std::string> command_words(std::string_view text, const std::string& where) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != '\'' && c == '\\' && i + 1 < text.size() && escapes(quote, text[i + 1])) {
      word += text[++i];
      in_word = true;
    } else if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
      in_word = true;  // "" is a word too.
    } else if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      if (in_word) words.push_back(std::exchange(word, {}));
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (quote != 0) {
    throw harness::Error(where, std::string("the command has an open quote ") + quote, "close it");
  }
  if (in_word) words.push_back(word);
  if (words.empty()) {
    throw harness::Error(where, "the command is empty", "name a program and its arguments");
  }
  return words;
}

}  // namespace pingjia::adapters

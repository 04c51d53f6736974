#include "suites/extract/choice_text.h"

#include <unicode/unistr.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "suites/extract/plain_text.h"

namespace pingjia::suites {

namespace {

using View = std::string_view;

constexpr auto kEnds = " .,;:!?\"'()[]{}*`$";

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

// Case folded, runs of white space one space, bare of punctuation at the ends.
std::string bare(View text) {
  auto unicode =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())));
  std::string folded;
  unicode.foldCase().toUTF8String(folded);
  std::string plain;
  for (const char c : folded) {
    const bool space = c == '\n' || c == '\t' || c == '\r' || c == ' ';
    if (!space) plain += c;
    if (space && !plain.empty() && plain.back() != ' ') plain += ' ';
  }
  const auto first = plain.find_first_not_of(kEnds);
  if (first == std::string::npos) return {};
  return plain.substr(first, plain.find_last_not_of(kEnds) - first + 1);
}

std::string bare_choice(View text) {
  return bare(strip_markup(fold_text(text)));
}

// Whether text[begin, end) is no part of a longer word or number.
bool stands_alone(View text, std::size_t begin, std::size_t end) {
  if (begin > 0 && is_word(text[begin]) && is_word(text[begin - 1])) return false;
  if (end >= text.size()) return true;
  if (is_word(text[end - 1]) && is_word(text[end])) return false;
  const bool decimal = (text[end] == '.' || text[end] == ',') && end + 1 < text.size() &&
                       text[end + 1] >= '0' && text[end + 1] <= '9';
  return !(decimal && text[end - 1] >= '0' && text[end - 1] <= '9');
}

bool occurs(View text, View choice) {
  for (std::size_t from = 0; from < text.size();) {
    // memmem is linear, unlike string_view::find.
    const void* const hit =
        memmem(text.data() + from, text.size() - from, choice.data(), choice.size());
    if (hit == nullptr) return false;
    const auto begin = static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
    if (stands_alone(text, begin, begin + choice.size())) return true;
    from = begin + 1;
  }
  return false;
}

bool is_telling(View choice) {
  return choice.size() >= 3 && std::any_of(choice.begin(), choice.end(), [](char c) {
           return (c < '0' || c > '9') && std::strchr(kEnds, c) == nullptr;
         });
}

char letter(std::size_t index) {
  return static_cast<char>('A' + index);
}

}  // namespace

std::optional<char> choice_equal(View text, std::span<const std::string> choices) {
  std::size_t longest = 0;
  for (const auto& choice : choices) longest = std::max(longest, choice.size());
  constexpr std::size_t kDress = 64;
  if (choices.empty() || text.size() > 2 * longest + kDress) return std::nullopt;
  const auto answer = bare(text);
  if (answer.empty()) return std::nullopt;
  std::optional<char> found;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (bare_choice(choices[i]) != answer) continue;
    if (found) return std::nullopt;
    found = letter(i);
  }
  return found;
}

std::optional<char> choice_at_start(View text, std::span<const std::string> choices) {
  if (choices.empty()) return std::nullopt;
  const auto answer = bare(text);
  std::optional<char> found;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const auto choice = bare_choice(choices[i]);
    if (choice.size() <= longest || !answer.starts_with(choice)) continue;
    if (!stands_alone(answer, 0, choice.size())) continue;
    longest = choice.size();
    found = letter(i);
  }
  return found;
}

std::optional<char> only_choice_within(View text, std::span<const std::string> choices) {
  if (choices.empty()) return std::nullopt;
  const auto answer = bare(text);
  std::vector<std::string> occurring;
  std::vector<std::size_t> indexes;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    auto choice = bare_choice(choices[i]);
    if (!is_telling(choice) || !occurs(answer, choice)) continue;
    occurring.push_back(std::move(choice));
    indexes.push_back(i);
  }
  std::optional<char> found;
  for (std::size_t i = 0; i < occurring.size(); ++i) {
    const bool part =
        std::any_of(occurring.begin(), occurring.end(), [&](const std::string& other) {
          return other.size() > occurring[i].size() &&
                 other.find(occurring[i]) != std::string::npos;
        });
    if (part) continue;
    if (found) return std::nullopt;
    found = letter(indexes[i]);
  }
  return found;
}

}  // namespace pingjia::suites

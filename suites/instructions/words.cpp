#include "suites/instructions/words.h"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>

#include "suites/extract/code_point.h"
#include "suites/extract/plain_text.h"

namespace pingjia::suites {

namespace {

using View = std::string_view;

bool is_word_character(UChar32 c) {
  return c == '_' || (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_N_MASK)) != 0;
}

bool one_case(View text, bool upper) {
  bool cased = false;
  for (std::int64_t at = 0; at < static_cast<std::int64_t>(text.size());) {
    const UChar32 c = next_code_point(text, at);
    const bool is_upper = u_isUUppercase(c) != 0 || u_charType(c) == U_TITLECASE_LETTER;
    const bool is_lower = u_isULowercase(c) != 0;
    if (upper ? is_lower : is_upper) return false;
    cased = cased || (upper ? is_upper : is_lower);
  }
  return cased;
}

constexpr View kSplitting = " \t\r\n\f\v;@#$%&?!,:()[]{}<>\"";

constexpr std::array<View, 7> kClitics = {"'S", "'M", "'D", "'LL", "'RE", "'VE", "N'T"};

std::int64_t capitals_of(View word) {
  while (word.ends_with('.')) word.remove_suffix(1);
  for (const auto clitic : kClitics) {
    if (word.size() <= clitic.size()) continue;
    std::string end(word.substr(word.size() - clitic.size()));
    for (char& c : end) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    if (end != clitic) continue;
    return (all_upper(word.substr(0, word.size() - clitic.size())) ? 1 : 0) +
           (all_upper(word.substr(word.size() - clitic.size())) ? 1 : 0);
  }
  return all_upper(word) ? 1 : 0;
}

// Common abbreviations of English, lower case, without their last period.
constexpr std::array<View, 46> kAbbreviations = {
    "mr",   "mrs", "ms",  "dr",   "st",  "jr",  "sr",   "prof", "gen", "col",   "sen", "rep",
    "gov",  "inc", "co",  "corp", "ltd", "vs",  "etc",  "e.g",  "i.e", "u.s",   "u.k", "a.m",
    "p.m",  "no",  "vol", "jan",  "feb", "aug", "sept", "oct",  "nov", "dec",   "mt",  "ft",
    "ph.d", "b.a", "m.a", "u.n",  "d.c", "lt",  "capt", "sgt",  "rev", "messrs"};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

// What closes a sentence after its sign: quotes, brackets, Markdown's stars.
std::size_t after_closers(View text, std::size_t at) {
  constexpr std::array<View, 8> kClosers = {"\"", "'", ")", "]", "}", "*", "\u201d", "\u2019"};
  for (bool found = true; found;) {
    found = false;
    for (const auto closer : kClosers) {
      if (!text.substr(at).starts_with(closer)) continue;
      at += closer.size();
      found = true;
    }
  }
  return at;
}

// Whether the period at `at` belongs to its word; `next` is where the following text begins.
bool abbreviates(View text, std::size_t at, std::size_t next) {
  auto begin = at;
  while (begin > 0 && !is_space(text[begin - 1])) --begin;
  auto word = lower_case(text.substr(begin, at - begin));
  word.erase(0, std::min(word.find_first_not_of("(\"'[*"), word.size()));
  if (std::find(kAbbreviations.begin(), kAbbreviations.end(), word) != kAbbreviations.end()) {
    return true;
  }
  const char following = next < text.size() ? text[next] : ' ';
  const bool letter = word.size() == 1 && word[0] >= 'a' && word[0] <= 'z' && word != "i";
  if (letter)
    return (following >= 'A' && following <= 'Z') || (following >= 'a' && following <= 'z');
  const bool number = !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
  return number && following >= 'a' && following <= 'z';
}

}  // namespace

std::string lower_case(View text) {
  auto unicode =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())));
  std::string lowered;
  unicode.toLower(icu::Locale::getRoot()).toUTF8String(lowered);
  return lowered;
}

std::vector<std::string> words_of_text(View text) {
  std::vector<std::string> words;
  bool inside = false;
  for (std::int64_t at = 0; at < static_cast<std::int64_t>(text.size());) {
    const auto begin = static_cast<std::size_t>(at);
    const bool belongs = is_word_character(next_code_point(text, at));
    if (belongs) {
      if (!inside) words.emplace_back();
      words.back() += text.substr(begin, static_cast<std::size_t>(at) - begin);
    }
    inside = belongs;
  }
  return words;
}

bool all_upper(View text) {
  return one_case(text, true);
}
bool all_lower(View text) {
  return one_case(text, false);
}

std::int64_t count_capital_words(View text) {
  std::int64_t count = 0;
  while (!text.empty()) {
    auto end = std::min(text.find_first_of(kSplitting), text.find("--"));
    end = std::min(end, text.size());
    if (end > 0) count += capitals_of(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return count;
}

std::vector<std::string> sentences_of(View text) {
  std::vector<std::string> sentences;
  std::size_t begin = 0;
  const auto take = [&](std::size_t end) {
    const auto sentence = trim(text.substr(begin, end - begin));
    if (!sentence.empty()) sentences.emplace_back(sentence);
    begin = end;
  };
  for (auto at = text.find_first_of(".?!"); at != View::npos; at = text.find_first_of(".?!", at)) {
    auto last = at;
    while (last + 1 < text.size() && View(".?!").find(text[last + 1]) != View::npos) ++last;
    const auto end = after_closers(text, last + 1);
    const auto next = std::min(text.find_first_not_of(" \t\r\n\f\v", end), text.size());
    const bool gap = next > end || end == text.size();
    if (gap && !(last == at && text[at] == '.' && abbreviates(text, at, next))) take(end);
    at = std::max(end, at + 1);
  }
  take(text.size());
  return sentences;
}

}  // namespace pingjia::suites

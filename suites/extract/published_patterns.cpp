#include "suites/extract/published_patterns.h"

#include <re2/re2.h>

namespace pingjia::suites {

namespace {

using View = std::string_view;

std::optional<View> first_group(View text, const RE2& pattern) {
  re2::StringPiece group;
  if (!RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern, &group)) {
    return std::nullopt;
  }
  return View(group.data(), group.size());
}

// Linear for the patterns here: each match ends where the search for it did.
std::optional<View> last_group(View text, const RE2& pattern) {
  re2::StringPiece rest(text.data(), text.size());
  re2::StringPiece group;
  std::optional<View> last;
  while (RE2::FindAndConsume(&rest, pattern, &group)) last = View(group.data(), group.size());
  return last;
}

// A capital from A to J with no word character (ASCII) on either side.
std::optional<View> last_lone_letter(View text) {
  const auto is_word = [&](std::size_t i) {
    if (i >= text.size()) return false;
    const char c = text[i];
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  for (std::size_t i = text.size(); i-- > 0;) {
    if (text[i] < 'A' || text[i] > 'J') continue;
    if (!is_word(i + 1) && (i == 0 || !is_word(i - 1))) return text.substr(i, 1);
  }
  return std::nullopt;
}

}  // namespace

std::optional<View> simple_evals_letter(View text) {
  static const RE2 pattern(R"((?i)Answer[ \t]*:[ \t]*\$?([A-D])\$?)");
  return first_group(text, pattern);
}

std::optional<View> mmlu_pro_letter(View text) {
  static const RE2 phrase(R"(answer is \(?([A-J])\)?)");
  static const RE2 colon(R"(.*[aA]nswer:\s*([A-J]))");
  if (const auto letter = first_group(text, phrase)) return letter;
  if (const auto letter = first_group(text, colon)) return letter;
  return last_lone_letter(text);
}

std::optional<View> strict_match(View text) {
  static const RE2 pattern(R"(#### (-?[0-9.,]+))");
  return first_group(text, pattern);
}

std::optional<View> flexible_extract(View text) {
  static const RE2 pattern(R"((-?[$0-9.,]{2,}|-?[0-9]+))");
  return last_group(text, pattern);
}

}  // namespace pingjia::suites

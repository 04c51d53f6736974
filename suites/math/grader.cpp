#include "suites/math/grader.h"

#include <algorithm>
#include <array>

#include "suites/extract/ascii.h"
#include "suites/extract/plain_text.h"
#include "suites/math/parser.h"

namespace pingjia::suites {

namespace {

using View = std::string_view;

std::size_t count_dollars(View text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '$') {
      ++count;
    }
  }
  return count;
}

// Dollars in pairs delimit mathematics; a single one is money.
std::string without_delimiters(View text) {
  if (count_dollars(text) % 2 != 0) return std::string(text);
  std::string kept;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      kept += text[at++];
      kept += text[at];
    } else {
      kept += text[at] == '$' ? ' ' : text[at];
    }
  }
  return kept;
}

bool strip(View& text, View open, View close) {
  if (text.size() < open.size() + close.size() || !text.starts_with(open) ||
      !text.ends_with(close)) {
    return false;
  }
  text = trim(text.substr(open.size(), text.size() - open.size() - close.size()));
  return true;
}

// Markdown around the whole, and the full stop of a sentence.
View undressed(View text) {
  text = trim(text);
  for (int round = 0; round < 4; ++round) {
    const auto before = text;
    strip(text, "**", "**");
    strip(text, "__", "__");
    strip(text, "`", "`");
    if (text.size() > 1 && (text.back() == '.' || text.back() == ',' || text.back() == ';' ||
                            (text.back() == ':' && text.size() > 2))) {
      const bool ellipsis = text.ends_with("..") || text.ends_with("\\,") || text.ends_with("\\;");
      if (!ellipsis) text = trim(text.substr(0, text.size() - 1));
    }
    if (text == before) break;
  }
  return text;
}

std::string spelled(const Tokens& tokens) {
  std::string text;
  for (const auto& token : tokens.list) {
    text += static_cast<char>('A' + static_cast<int>(token.kind));
    text += token.text;
    text += '\x1f';
  }
  return text;
}

// Lower-case letters and digits; other signs part words, articles go.
std::string words_of(View text) {
  std::string words;
  bool gap = false;
  for (const char c : lower(strip_markup(text))) {
    const bool sign = static_cast<unsigned char>(c) < 0x80 && !is_lower(c) && !is_digit(c);
    if (sign) {
      gap = true;
      continue;
    }
    if (gap && !words.empty()) words += ' ';
    gap = false;
    words += c;
  }
  for (const View article : {View("the "), View("an "), View("a ")}) {
    if (words.starts_with(article)) words.erase(0, article.size());
  }
  return words;
}

// Whether an expression is words and nothing else.
bool is_words(const Expression& expression) {
  return expression->kind == NodeKind::kWord ||
         (expression->kind == NodeKind::kLabelled && is_words(expression->children[0]));
}

}  // namespace

MathReading read_math(View text) {
  MathReading reading;
  if (text.size() > kLongestAnswer) return reading;
  const auto folded = fold_text(text);
  const auto plain = without_delimiters(undressed(folded));
  const auto answer = undressed(plain);
  reading.words = words_of(answer);
  const auto tokens = tokenize(answer, Grouping::kOutside);
  reading.spelling = spelled(tokens);
  if (auto expression = parse(tokens)) reading.expressions.push_back(std::move(*expression));
  if (!tokens.ambiguous) return reading;
  for (const auto grouping : {Grouping::kNone, Grouping::kEverywhere}) {
    const auto other = tokenize(answer, grouping);
    if (spelled(other) == reading.spelling) continue;
    if (auto expression = parse(other)) reading.expressions.push_back(std::move(*expression));
  }
  return reading;
}

Equality compare_math(const MathReading& gold, const MathReading& answer,
                      const MathOptions& options) {
  if (!gold.spelling.empty() && gold.spelling == answer.spelling) return Equality::kEqual;
  Budget budget;
  Comparison comparison(options, budget);
  bool unknown = gold.expressions.empty();
  for (const auto& wanted : gold.expressions) {
    for (const auto& given : answer.expressions) {
      const auto one = comparison.equal(wanted, given);
      if (one == Equality::kEqual) return one;
      unknown = unknown || one == Equality::kUnknown;
    }
  }
  // An answer in words.
  const bool in_words = gold.expressions.empty() || is_words(gold.expressions[0]);
  if (in_words && !options.strict && !gold.words.empty() && gold.words == answer.words) {
    const bool has_letter = std::any_of(gold.words.begin(), gold.words.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
    });
    if (has_letter) return Equality::kEqual;
  }
  return unknown || budget.spent() ? Equality::kUnknown : Equality::kDifferent;
}

}  // namespace pingjia::suites

#include <re2/re2.h>

#include <algorithm>

#include "suites/extract/plain_text.h"
#include "suites/instructions/instruction.h"
#include "suites/instructions/language.h"
#include "suites/instructions/words.h"

namespace pingjia::suites {

namespace {

using View = std::string_view;
using Asked = InstructionArguments;

// The data set's keywords are patterns; one that is none stands for itself.
std::int64_t count_keyword(View response, const std::string& keyword, bool whole_words) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(false);
  const std::string edge = whole_words ? "\\b" : "";
  RE2 pattern(edge + "(?:" + keyword + ")" + edge, options);
  const RE2 quoted(edge + RE2::QuoteMeta(keyword) + edge, options);
  const RE2& used = pattern.ok() ? pattern : quoted;
  std::int64_t count = 0;
  re2::StringPiece rest(response.data(), response.size());
  while (!keyword.empty() && RE2::FindAndConsume(&rest, used)) ++count;
  return count;
}

bool existence(View response, const Asked& asked) {
  const auto keywords = asked.texts("keywords");
  return std::all_of(keywords.begin(), keywords.end(), [&](const std::string& keyword) {
    return count_keyword(response, keyword, false) > 0;
  });
}

bool forbidden(View response, const Asked& asked) {
  const auto words = asked.texts("forbidden_words");
  return std::none_of(words.begin(), words.end(), [&](const std::string& word) {
    return count_keyword(response, word, true) > 0;
  });
}

bool frequency(View response, const Asked& asked) {
  const auto keyword = std::string(trim(asked.text("keyword")));
  return asked.counted(count_keyword(response, keyword, false), "relation", "frequency");
}

bool letter_frequency(View response, const Asked& asked) {
  const auto letter = lower_case(trim(asked.text("letter")));
  if (letter.empty()) throw Asked::BadArgument{"letter"};
  const auto text = lower_case(response);
  std::int64_t count = 0;
  for (auto at = text.find(letter); at != std::string::npos;
       at = text.find(letter, at + letter.size())) {
    ++count;
  }
  return asked.counted(count, "let_relation", "let_frequency");
}

bool capital_frequency(View response, const Asked& asked) {
  return asked.counted(count_capital_words(response), "capital_relation", "capital_frequency");
}

// A text that shows no language follows: so does the publisher's script.
bool in_language(View response, View code) {
  const auto found = detect_language(response);
  return !found || *found == code.substr(0, code.find('-'));
}

bool response_language(View response, const Asked& asked) {
  return in_language(response, asked.text("language"));
}

bool english_capital(View response, const Asked&) {
  return all_upper(response) && in_language(response, "en");
}

bool english_lowercase(View response, const Asked&) {
  return all_lower(response) && in_language(response, "en");
}

bool no_comma(View response, const Asked&) {
  return response.find(',') == View::npos;
}

constexpr Instruction kInstructions[] = {
    {"keywords:existence", existence},
    {"keywords:frequency", frequency},
    {"keywords:forbidden_words", forbidden},
    {"keywords:letter_frequency", letter_frequency},
    {"language:response_language", response_language},
    {"change_case:capital_word_frequency", capital_frequency},
    {"change_case:english_capital", english_capital},
    {"change_case:english_lowercase", english_lowercase},
    {"punctuation:no_comma", no_comma},
};

}  // namespace

std::span<const Instruction> wording_instructions() {
  return kInstructions;
}

const Instruction* find_instruction(View name) {
  for (const auto family : {format_instructions(), length_instructions(), wording_instructions()}) {
    for (const auto& instruction : family) {
      if (instruction.name == name) return &instruction;
    }
  }
  return nullptr;
}

}  // namespace pingjia::suites

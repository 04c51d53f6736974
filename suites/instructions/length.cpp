#include <re2/re2.h>

#include "suites/extract/plain_text.h"
#include "suites/instructions/instruction.h"
#include "suites/instructions/words.h"

namespace pingjia::suites {

namespace {

using View = std::string_view;
using Asked = InstructionArguments;

std::vector<View> split(View text, View divider) {
  std::vector<View> parts;
  for (;;) {
    const auto at = text.find(divider);
    parts.push_back(text.substr(0, at));
    if (at == View::npos) return parts;
    text.remove_prefix(at + divider.size());
  }
}

bool number_words(View response, const Asked& asked) {
  return asked.counted(static_cast<std::int64_t>(words_of_text(response).size()), "relation",
                       "num_words");
}

bool number_sentences(View response, const Asked& asked) {
  return asked.counted(static_cast<std::int64_t>(sentences_of(response).size()), "relation",
                       "num_sentences");
}

// Divided by ***; an empty part is allowed at either end alone.
bool number_paragraphs(View response, const Asked& asked) {
  std::vector<std::string> parts;
  re2::StringPiece rest(response.data(), response.size());
  re2::StringPiece found;
  const char* begin = rest.data();
  static const RE2 captured(R"((\s?\*\*\*\s?))");
  while (RE2::FindAndConsume(&rest, captured, &found)) {
    parts.emplace_back(begin, static_cast<std::size_t>(found.data() - begin));
    begin = rest.data();
  }
  parts.emplace_back(rest.data(), rest.size());
  auto count = static_cast<std::int64_t>(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!trim(parts[i]).empty()) continue;
    if (i > 0 && i + 1 < parts.size()) return false;
    --count;
  }
  return count == asked.integer("num_paragraphs");
}

// The word before its first sign, quotes before it dropped.
std::string first_word(View paragraph) {
  auto word = paragraph.substr(0, paragraph.find_first_of(" \t\r\n\f\v"));
  word.remove_prefix(std::min(word.find_first_not_of('\''), word.size()));
  word.remove_prefix(std::min(word.find_first_not_of('"'), word.size()));
  return lower_case(word.substr(0, word.find_first_of(".,?!'\"")));
}

// Paragraphs are parted by an empty line; empty ones do not count, but keep their place.
bool nth_paragraph(View response, const Asked& asked) {
  const auto paragraphs = split(response, "\n\n");
  std::int64_t count = 0;
  for (const auto paragraph : paragraphs) count += trim(paragraph).empty() ? 0 : 1;
  const auto nth = asked.integer("nth_paragraph");
  if (nth < 1) throw Asked::BadArgument{"nth_paragraph"};
  if (nth > count) return false;
  const auto paragraph = trim(paragraphs[static_cast<std::size_t>(nth - 1)]);
  if (paragraph.empty()) return false;
  return count == asked.integer("num_paragraphs") &&
         first_word(paragraph) == lower_case(asked.text("first_word"));
}

constexpr Instruction kInstructions[] = {
    {"length_constraints:number_words", number_words},
    {"length_constraints:number_sentences", number_sentences},
    {"length_constraints:number_paragraphs", number_paragraphs},
    {"length_constraints:nth_paragraph_first_word", nth_paragraph},
};

}  // namespace

std::span<const Instruction> length_instructions() {
  return kInstructions;
}

}  // namespace pingjia::suites

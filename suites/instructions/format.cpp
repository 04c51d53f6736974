#include <re2/re2.h>

#include <nlohmann/json.hpp>

#include "suites/extract/plain_text.h"
#include "suites/instructions/instruction.h"
#include "suites/instructions/words.h"

namespace pingjia::suites {

namespace {

using View = std::string_view;
using Asked = InstructionArguments;

std::int64_t count_matches(View text, const RE2& pattern) {
  std::int64_t count = 0;
  re2::StringPiece rest(text.data(), text.size());
  while (RE2::FindAndConsume(&rest, pattern)) ++count;
  return count;
}

bool placeholders(View response, const Asked& asked) {
  static const RE2 pattern(R"(\[.*?\])");
  return count_matches(response, pattern) >= asked.integer("num_placeholders");
}

bool bullets(View response, const Asked& asked) {
  static const RE2 stars(R"((?m)^\s*\*[^\*].*$)");
  static const RE2 dashes(R"((?m)^\s*-.*$)");
  return count_matches(response, stars) + count_matches(response, dashes) ==
         asked.integer("num_bullets");
}

bool constrained(View response, const Asked&) {
  for (const View option : {"My answer is yes.", "My answer is no.", "My answer is maybe."}) {
    if (response.find(option) != View::npos) return true;
  }
  return false;
}

std::int64_t count_filled(View response, const RE2& pattern) {
  std::int64_t count = 0;
  re2::StringPiece rest(response.data(), response.size());
  re2::StringPiece inside;
  while (RE2::FindAndConsume(&rest, pattern, &inside)) {
    count += trim(View(inside.data(), inside.size())).empty() ? 0 : 1;
  }
  return count;
}

// *one star* and **two stars**; both patterns count, so that bold text may count twice.
bool highlights(View response, const Asked& asked) {
  static const RE2 one(R"(\*([^\n\*]*)\*)");
  static const RE2 two(R"(\*\*([^\n\*]*)\*\*)");
  return count_filled(response, one) + count_filled(response, two) >=
         asked.integer("num_highlights");
}

bool sections(View response, const Asked& asked) {
  RE2::Options quiet;
  quiet.set_log_errors(false);
  const auto name = std::string(trim(asked.text("section_spliter")));
  const RE2 pattern("\\s?" + RE2::QuoteMeta(name) + "\\s?\\d+\\s?", quiet);
  return count_matches(response, pattern) >= asked.integer("num_sections");
}

bool json_format(View response, const Asked&) {
  auto text = trim(response);
  for (const View fence : {"```json", "```Json", "```JSON", "```"}) {
    if (text.starts_with(fence)) text.remove_prefix(fence.size());
  }
  if (text.ends_with("```")) text.remove_suffix(3);
  return nlohmann::json::accept(trim(text));
}

bool title(View response, const Asked&) {
  static const RE2 pattern(R"((<<[^\n]+>>))");
  re2::StringPiece rest(response.data(), response.size());
  re2::StringPiece found;
  while (RE2::FindAndConsume(&rest, pattern, &found)) {
    const View whole(found.data(), found.size());
    const auto first = whole.find_first_not_of('<');
    const auto last = whole.find_last_not_of('>');
    if (first == View::npos || last == View::npos || last < first) continue;
    if (!trim(whole.substr(first, last - first + 1)).empty()) return true;
  }
  return false;
}

bool postscript(View response, const Asked& asked) {
  static const RE2 pps(R"(p\.\s?p\.\s?s)");
  static const RE2 ps(R"(p\.\s?s\.)");
  const auto text = lower_case(response);
  const auto marker = std::string(trim(asked.text("postscript_marker")));
  if (marker == "P.P.S") return RE2::PartialMatch(text, pps);
  if (marker == "P.S.") return RE2::PartialMatch(text, ps);
  return text.find(lower_case(marker)) != std::string::npos;
}

// Two different ones, parted by six stars; nothing empty between them.
bool two_responses(View response, const Asked&) {
  std::vector<View> filled;
  std::size_t index = 0;
  for (View rest = response;; ++index) {
    const auto at = rest.find("******");
    const auto part = trim(rest.substr(0, at));
    const bool last = at == View::npos;
    if (!part.empty()) {
      filled.push_back(part);
    } else if (index > 0 && !last) {
      return false;
    }
    if (last) break;
    rest.remove_prefix(at + 6);
  }
  return filled.size() == 2 && filled[0] != filled[1];
}

bool repeat_prompt(View response, const Asked& asked) {
  return lower_case(trim(response)).starts_with(lower_case(trim(asked.text("prompt_to_repeat"))));
}

bool quotation(View response, const Asked&) {
  const auto text = trim(response);
  return text.size() > 1 && text.front() == '"' && text.back() == '"';
}

bool end_phrase(View response, const Asked& asked) {
  auto text = trim(response);
  while (text.starts_with('"')) text.remove_prefix(1);
  while (text.ends_with('"')) text.remove_suffix(1);
  return lower_case(text).ends_with(lower_case(trim(asked.text("end_phrase"))));
}

constexpr Instruction kInstructions[] = {
    {"detectable_content:number_placeholders", placeholders},
    {"detectable_content:postscript", postscript},
    {"detectable_format:number_bullet_lists", bullets},
    {"detectable_format:constrained_response", constrained},
    {"detectable_format:number_highlighted_sections", highlights},
    {"detectable_format:multiple_sections", sections},
    {"detectable_format:json_format", json_format},
    {"detectable_format:title", title},
    {"combination:two_responses", two_responses},
    {"combination:repeat_prompt", repeat_prompt},
    {"startend:end_checker", end_phrase},
    {"startend:quotation", quotation},
};

}  // namespace

std::span<const Instruction> format_instructions() {
  return kInstructions;
}

}  // namespace pingjia::suites

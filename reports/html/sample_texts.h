#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/html/answers.h"

namespace pingjia::reports {

/// How much of the texts the page leaves out.
struct TextCut {
  std::size_t texts = 0;
  std::size_t bytes = 0;
};

/// The lengths of all prompts of the questions themselves, answers and thoughts.
std::vector<std::size_t> text_lengths(const std::vector<SuiteAnswers>& suites);

/// The longest cut, at most `most`, at which texts of these lengths together keep to `budget`
/// bytes.
std::size_t text_limit(std::vector<std::size_t> lengths, std::size_t budget, std::size_t most);

/// What a model thought aloud before its answer, and the answer: blocks between think tags at the
/// start of the text. Views of `text`.
std::pair<std::string_view, std::string_view> split_thinking(std::string_view text);

/// Appends [[role, text, bytes cut], …] of the messages from `from` to `to`.
void append_messages(std::string& out, const std::vector<harness::Message>& messages,
                     std::size_t from, std::size_t to, std::size_t limit, TextCut& cut);

/// Appends one question with all its answers as a JSON object:
/// {"m": messages after the suite's shared ones, "g": gold, "a": [{"t": text, "tc": bytes cut,
/// "k": thought, "kc": bytes cut, "x": extracted, "s": [[continuation, log-likelihood], …],
/// "m": messages where they differ from the question's, "f": facts}, …]}. Every text is visible.
void append_question(std::string& out, const QuestionView& question, std::size_t shared,
                     std::size_t limit, TextCut& cut);

}  // namespace pingjia::reports

#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace pingjia::suites {

/// Which of several places counts when a text has more than one; part of a protocol.
enum class Match { kFirst, kLast };

/// What follows each phrase that announces an answer ("The final answer is", "Answer:", "答案是",
/// "答：", and in eight other languages) in a folded text: from the first sign that is not white
/// space to the end of the line, at most 400 bytes. In the order asked for, at most three: an
/// answer that announces itself more often is noise, and time stays linear.
std::vector<std::string_view> after_answer_phrases(std::string_view text, Match match);

/// The contents of each \boxed{…}, braces balanced; in the order asked for, at most three.
std::vector<std::string_view> boxed_contents(std::string_view text, Match match);

}  // namespace pingjia::suites

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "suites/extract/answer_phrase.h"

namespace pingjia::suites {

// Where a mathematical answer may stand in a folded text, LaTeX as it came. Each gives candidates,
// the best first; none where there is no such place. Only the last 64 KiB are looked at, so that
// time stays linear.

/// In \boxed{} or \fbox{}. Boxes parted by nothing but commas, "and" and "or" are one answer.
std::vector<std::string> boxed_math(std::string_view text, Match match);

/// After "The answer is", "Answer:" and the like: to the end of the line, of its display, or of its
/// sentence; else the mathematics there.
std::vector<std::string> announced_math(std::string_view text, Match match);

/// The whole text.
std::vector<std::string> whole_math(std::string_view text, Match match);

/// Between $ $, $$ $$, \( \) or \[ \]. Segments parted by nothing but commas, "and" and "or" are
/// one answer.
std::vector<std::string> delimited_math(std::string_view text, Match match);

}  // namespace pingjia::suites

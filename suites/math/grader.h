#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "suites/math/comparison.h"

namespace pingjia::suites {

/// What an answer was read as. The same text may be read in more than one way: "1,234" is a number
/// or a list.
struct MathReading {
  std::vector<Expression> expressions;  ///< Empty where it is no mathematics.
  std::string spelling;                 ///< Its tokens: equal for texts that differ in dress alone.
  std::string words;                    ///< Its letters and digits, lower case, for answers in words.
};

/// Longest answer that is read, in bytes; a longer one is no answer but a text.
inline constexpr std::size_t kLongestAnswer = 4'000;

/// Reads an answer alone, LaTeX or plain text: delimiters, \boxed and Markdown around it are dress.
MathReading read_math(std::string_view text);

/// Whether the answer says what the gold one says. Deterministic: work is counted, not timed.
/// kUnknown where that could not be found out within the budget, or by any means here.
Equality compare_math(const MathReading& gold, const MathReading& answer,
                      const MathOptions& options);

}  // namespace pingjia::suites

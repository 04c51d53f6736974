#pragma once

#include <optional>
#include <string_view>

namespace pingjia::suites {

// What other harnesses extract, in their own patterns on the text as it came, so that a score under
// their protocol's name is theirs. RE2's \b knows ASCII words only: beside letters of other scripts
// a match may differ.

/// simple-evals, multiple choice: the first "Answer: X", X from A to D.
std::optional<std::string_view> simple_evals_letter(std::string_view text);

/// MMLU-Pro's own script: the first "answer is (X)"; else "Answer: X"; else the last lone letter; X
/// from A to J. The script then guesses at random; here nothing is found.
std::optional<std::string_view> mmlu_pro_letter(std::string_view text);

/// lm-evaluation-harness, gsm8k, filter strict-match: the first "#### " and a number.
std::optional<std::string_view> strict_match(std::string_view text);

/// Its filter flexible-extract: the last run of digits, '$', ',' and '.'.
std::optional<std::string_view> flexible_extract(std::string_view text);

}  // namespace pingjia::suites

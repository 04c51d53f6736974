#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pingjia::suites {

/// Lower case by Unicode's rules.
std::string lower_case(std::string_view text);

/// Runs of letters, digits and underscores of any script, in order: Python's \w+.
std::vector<std::string> words_of_text(std::string_view text);

/// Whether there is a letter with case, and none in the other case.
bool all_upper(std::string_view text);
bool all_lower(std::string_view text);

/// Words that are all capitals, as a Treebank tokenizer parts words: at punctuation and before
/// 's, 'm, 'd, 'll, 're, 've; not at hyphens, slashes, underscores and asterisks.
std::int64_t count_capital_words(std::string_view text);

/// Sentences as Punkt's English model finds them, nearly: each ends at . ? or !, closing quotes and
/// brackets included, before white space or at the end; not after an abbreviation, an initial
/// before a capital, or a number before a small letter. What follows the last end counts too.
std::vector<std::string> sentences_of(std::string_view text);

}  // namespace pingjia::suites

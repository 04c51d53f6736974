#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pingjia::suites {

/// The letter of the choice whose text `text` is; upper and lower case, white space and punctuation
/// at the ends do not matter. Nothing when no choice, or more than one, fits.
std::optional<char> choice_equal(std::string_view text, std::span<const std::string> choices);

/// The letter of the longest choice that `text` begins with, as whole words.
std::optional<char> choice_at_start(std::string_view text, std::span<const std::string> choices);

/// The letter of the only choice that occurs in `text` as whole words and not within a longer
/// choice that occurs. Choices that are numbers or have fewer than three bytes occur by chance:
/// passed over.
std::optional<char> only_choice_within(std::string_view text, std::span<const std::string> choices);

}  // namespace pingjia::suites

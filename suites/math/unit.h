#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pingjia::suites {

/// A unit as a multiple of its dimension's base: 1 km = 1000/1 of "length".
struct Unit {
  std::string_view dimension;
  std::int64_t numerator = 1;
  std::int64_t denominator = 1;
};

/// Whether a lower-case word is a unit of measure: "cm", "miles".
bool is_unit(std::string_view word);

/// The unit that lower-case words name: "square inches", "cm^2", "miles per hour". Nothing for
/// words that are no unit of measure ("apples").
std::optional<Unit> unit_of(std::string_view words);

/// Whether words after a number change what it says ("5 or less", "3 million", "2 squared"), so
/// that they cannot be left out as a unit can.
bool changes_number(std::string_view words);

/// The power of ten a word stands for: "million" is 6.
std::optional<int> scale_of(std::string_view word);

/// Whether words before a number say nothing about it: "the answer is", "about", "x is".
bool is_preamble(std::string_view words);

}  // namespace pingjia::suites

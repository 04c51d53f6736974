#pragma once

#include <string_view>

namespace pingjia::suites {

/// Where a symbol is sampled. Polynomials tell themselves apart anywhere; roots and logarithms want
/// positive values, arcsin small ones, factorials whole ones.
enum class Region { kSmall, kPositive, kSmallSigned, kSigned, kNegative, kWhole };

inline constexpr Region kRegions[] = {Region::kPositive, Region::kSmall, Region::kSigned,
                                      Region::kSmallSigned, Region::kNegative, Region::kWhole};

/// The value of `symbol` at the trial, in 1/1024ths: exact in binary and in decimal. A hash of its
/// arguments, so that every run samples the same points.
int sample_value(std::string_view symbol, Region region, int trial);

}  // namespace pingjia::suites

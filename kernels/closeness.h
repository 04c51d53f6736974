#pragma once

#include <optional>
#include <span>
#include <string>

#include "kernels/processor/bf16.h"

namespace pingjia::kernels {

/// The largest |actual - expected| over all elements; infinite when a value is not finite or the
/// lengths differ, so that no NaN passes a comparison.
double largest_difference(std::span<const float> actual, std::span<const double> expected);

/// Nothing when `actual` is close to `expected`, else one line that says by how much it is not: the
/// root of the mean square of the differences is over `tolerance` times that of the expected
/// values, one difference is over 16 times as much, or a value is not finite. Relative to all
/// values together, because single ones may be sums that cancel.
std::optional<std::string> difference_over(std::span<const float> actual,
                                           std::span<const double> expected, double tolerance);

/// Nothing when no value is a NaN, else one line: an output that a kernel forgot, or spoilt.
std::optional<std::string> nan_in(std::span<const Bf16> written);
std::optional<std::string> nan_in(std::span<const float> written);

/// Tolerances: bf16 rounds to 2^-9 of a value, twice or three times on the way; fp32 sums of some
/// thousand products err by 1e-6.
inline constexpr double kBf16Tolerance = 1.0 / 128;
inline constexpr double kFp32Tolerance = 2e-5;

}  // namespace pingjia::kernels

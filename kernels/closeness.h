#pragma once

#include <span>

namespace pingjia::kernels {

/// The largest |actual - expected| over all elements; infinite when a value is not finite or the
/// lengths differ, so that no NaN passes a comparison.
double largest_difference(std::span<const float> actual, std::span<const double> expected);

}  // namespace pingjia::kernels

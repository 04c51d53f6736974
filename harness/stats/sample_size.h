#pragma once

#include <cstdint>
#include <optional>

namespace pingjia::harness {

/// How many units a one-sided test at `alpha` needs to decide with probability `power`, if what was
/// seen on `n` units holds: the estimate stays `distance` > 0 from the hypothesis, and its standard
/// error, `standard_error` now, falls with the root of n. ((z(1 - alpha) + z(power)) error /
/// distance)^2 n, rounded up. Nothing above 10^12, or where the distance is 0.
std::optional<std::int64_t> deciding_sample_size(std::int64_t n, double standard_error,
                                                 double distance, double alpha = 0.025,
                                                 double power = 0.8);

}  // namespace pingjia::harness

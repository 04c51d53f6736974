#include "harness/stats/sample_size.h"

#include <cassert>
#include <cmath>

#include "harness/stats/interval.h"

namespace pingjia::harness {

std::optional<std::int64_t> deciding_sample_size(std::int64_t n, double standard_error,
                                                 double distance, double alpha, double power) {
  assert(n > 0 && standard_error >= 0 && alpha > 0 && alpha < 1 && power > 0 && power < 1);
  constexpr double kMost = 1e12;
  if (distance <= 0) return std::nullopt;
  const double reach = (normal_quantile(1 - alpha) + normal_quantile(power)) * standard_error;
  const double units = std::ceil(static_cast<double>(n) * std::pow(reach / distance, 2));
  if (!(units <= kMost)) return std::nullopt;
  return static_cast<std::int64_t>(units);
}

}  // namespace pingjia::harness

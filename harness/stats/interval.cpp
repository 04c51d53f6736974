#include "harness/stats/interval.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>
#include <numeric>

namespace pingjia::harness {

double normal_quantile(double p) {
  return boost::math::quantile(boost::math::normal_distribution<double>(), p);
}

double normal_cdf(double x) {
  return boost::math::cdf(boost::math::normal_distribution<double>(), x);
}

double student_quantile(double p, double degrees) {
  return boost::math::quantile(boost::math::students_t_distribution<double>(degrees), p);
}

Interval wilson(std::int64_t successes, std::int64_t n, double confidence) {
  assert(n > 0 && successes >= 0 && successes <= n);
  const double proportion = static_cast<double>(successes) / static_cast<double>(n);
  return wilson_effective(proportion, static_cast<double>(n),
                          normal_quantile(0.5 + confidence / 2));
}

Interval wilson_effective(double proportion, double effective_n, double critical) {
  assert(effective_n > 0);
  const double z2 = critical * critical;
  const double scale = 1 + z2 / effective_n;
  const double centre = (proportion + z2 / (2 * effective_n)) / scale;
  const double spread = proportion * (1 - proportion) / effective_n;
  const double half = critical / scale * std::sqrt(spread + z2 / (4 * effective_n * effective_n));
  // At no and at all successes an end is exactly 0 or 1; rounding must not say otherwise.
  return {proportion == 0 ? 0 : std::max(0.0, centre - half),
          proportion == 1 ? 1 : std::min(1.0, centre + half)};
}

Interval student_interval(double mean, double standard_error, double degrees, double confidence) {
  const double half = student_quantile(0.5 + confidence / 2, degrees) * standard_error;
  return {mean - half, mean + half};
}

Interval student_interval(std::span<const double> values, double confidence) {
  assert(values.size() > 1);
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return student_interval(mean, std::sqrt(squares / (n - 1) / n), n - 1, confidence);
}

}  // namespace pingjia::harness

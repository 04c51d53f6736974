#include "harness/stats/quantile.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cassert>
#include <cmath>

namespace pingjia::harness {

namespace {

// The value of rank `rank` (0 is the smallest); everything before it is then not larger.
double order_statistic(std::span<double> values, std::size_t rank) {
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

// P(Binomial(n, p) <= k), also for k < 0 and k >= n.
double binomial_cdf(std::int64_t k, std::int64_t n, double p) {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return boost::math::cdf(boost::math::binomial_distribution<double>(static_cast<double>(n), p),
                          static_cast<double>(k));
}

}  // namespace

std::int64_t min_samples(double q, double confidence) {
  assert(q > 0 && q < 1);
  const auto enough = [&](std::int64_t n) { return binomial_cdf(1, n, 1 - q) <= 1 - confidence; };
  std::int64_t high = 2;
  while (!enough(high)) high *= 2;
  std::int64_t low = high / 2;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

double quantile(std::span<double> values, double q) {
  assert(!values.empty() && q >= 0 && q <= 1);
  const double position = q * static_cast<double>(values.size() - 1);
  const auto rank = static_cast<std::size_t>(position);
  const double fraction = position - static_cast<double>(rank);
  const double low = order_statistic(values, rank);
  if (fraction == 0 || rank + 1 == values.size()) return low;
  const double high =
      *std::min_element(values.begin() + static_cast<std::ptrdiff_t>(rank) + 1, values.end());
  return low + fraction * (high - low);
}

std::optional<Interval> quantile_interval(std::span<double> values, double q, double confidence) {
  const auto n = static_cast<std::int64_t>(values.size());
  if (n < 2 || q <= 0 || q >= 1) return std::nullopt;
  const double tail = (1 - confidence) / 2;
  // Ranks from 1. The value of rank l is above the quantile with P(B <= l - 1), that of rank u
  // below it with P(B >= u); both must be at most `tail`. A normal guess is near, steps do the
  // rest.
  const double spread = std::sqrt(static_cast<double>(n) * q * (1 - q));
  const auto guess = static_cast<std::int64_t>(static_cast<double>(n) * q);
  const auto reach = static_cast<std::int64_t>(-normal_quantile(tail) * spread);
  std::int64_t low = std::clamp<std::int64_t>(guess - reach, 0, n);
  while (low > 0 && binomial_cdf(low - 1, n, q) > tail) --low;
  while (low < n && binomial_cdf(low, n, q) <= tail) ++low;
  std::int64_t high = std::clamp<std::int64_t>(guess + reach, 1, n + 1);
  while (high <= n && 1 - binomial_cdf(high - 1, n, q) > tail) ++high;
  while (high > 1 && 1 - binomial_cdf(high - 2, n, q) <= tail) --high;
  if (low < 1 || high > n) return std::nullopt;
  return Interval{order_statistic(values, static_cast<std::size_t>(low - 1)),
                  order_statistic(values, static_cast<std::size_t>(high - 1))};
}

}  // namespace pingjia::harness

#include "harness/stats/paired.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cassert>
#include <cmath>
#include <vector>

#include "harness/stats/clustered.h"

namespace pingjia::harness {

double mcnemar_exact(const PairedCounts& counts) {
  const std::int64_t discordant = counts.only_a + counts.only_b;
  if (discordant == 0) return 1;
  const boost::math::binomial_distribution<double> fair(static_cast<double>(discordant), 0.5);
  const auto smaller = static_cast<double>(std::min(counts.only_a, counts.only_b));
  return std::min(1.0, 2 * boost::math::cdf(fair, smaller));
}

namespace {

// Correlation of the two marks, with Newcombe's continuity correction of its numerator.
double correlation(double a, double b, double c, double d) {
  const double product = (a + b) * (c + d) * (a + c) * (b + d);
  if (product == 0) return 0;
  double numerator = a * d - b * c;
  if (numerator > 0) numerator = std::max(numerator - (a + b + c + d) / 2, 0.0);
  return numerator / std::sqrt(product);
}

}  // namespace

Interval newcombe_paired(const PairedCounts& counts, double confidence) {
  const std::int64_t n = counts.total();
  assert(n > 0);
  const std::int64_t right_a = counts.both_right + counts.only_a;
  const std::int64_t right_b = counts.both_right + counts.only_b;
  const double a = static_cast<double>(right_a) / static_cast<double>(n);
  const double b = static_cast<double>(right_b) / static_cast<double>(n);
  const Interval of_a = wilson(right_a, n, confidence);
  const Interval of_b = wilson(right_b, n, confidence);
  const double phi =
      correlation(static_cast<double>(counts.both_right), static_cast<double>(counts.only_a),
                  static_cast<double>(counts.only_b), static_cast<double>(counts.both_wrong));
  const auto reach = [phi](double x, double y) {
    return std::sqrt(std::max(0.0, x * x - 2 * phi * x * y + y * y));
  };
  return {a - b - reach(a - of_a.low, of_b.high - b), a - b + reach(of_a.high - a, b - of_b.low)};
}

PairedDifference paired_difference(std::span<const double> a, std::span<const double> b,
                                   std::span<const std::int64_t> clusters, double confidence) {
  assert(a.size() == b.size());
  std::vector<double> differences(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) differences[i] = a[i] - b[i];
  const ClusteredMean mean = clustered_mean(differences, clusters);
  assert(mean.clusters > 1);
  return {mean.mean, mean.standard_error,
          student_interval(mean.mean, mean.standard_error, static_cast<double>(mean.clusters - 1),
                           confidence)};
}

double minimum_detectable_effect(double standard_error, double alpha, double power) {
  return (normal_quantile(1 - alpha / 2) + normal_quantile(power)) * standard_error;
}

double paired_standard_error(const PairedCounts& counts) {
  const auto n = static_cast<double>(counts.total() + 2);
  const auto b = static_cast<double>(counts.only_a) + 0.5;
  const auto c = static_cast<double>(counts.only_b) + 0.5;
  return std::sqrt(b + c - (b - c) * (b - c) / n) / n;
}

}  // namespace pingjia::harness

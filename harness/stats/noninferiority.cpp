#include "harness/stats/noninferiority.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cassert>
#include <cmath>
#include <functional>
#include <vector>

#include "harness/stats/clustered.h"

namespace pingjia::harness {

namespace {

// Where the falling function crosses zero between two ends; the end itself where it does not.
double falling_root(const std::function<double(double)>& value, double low, double high) {
  const double at_low = value(low);
  const double at_high = value(high);
  if (at_low <= 0) return low;
  if (at_high >= 0) return high;
  std::uintmax_t iterations = 200;
  const auto [left, right] = boost::math::tools::toms748_solve(
      value, low, high, at_low, at_high, boost::math::tools::eps_tolerance<double>(50), iterations);
  return left + (right - left) / 2;
}

// The lower tail of the statistic's distribution.
using Tail = std::function<double(double)>;

MarginTest tested(const Discordance& counts, double margin, double critical, const Tail& below) {
  assert(margin > 0 && margin < 1 && counts.n > 0);
  MarginTest test;
  test.difference = (counts.only_a - counts.only_b) / counts.n;
  test.interval = score_interval(counts, critical);
  const double from_worse = score_statistic(counts, -margin);
  const double from_better = score_statistic(counts, margin);
  test.p_not_worse = below(-from_worse);
  test.p_worse = below(from_worse);
  test.p_equivalent = std::max(test.p_not_worse, below(from_better));
  return test;
}

double square_sum(std::span<const double> values, double mean) {
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum;
}

}  // namespace

Discordance discordance_of(const PairedCounts& counts) {
  return {static_cast<double>(counts.total()), static_cast<double>(counts.only_a),
          static_cast<double>(counts.only_b)};
}

double score_statistic(const Discordance& counts, double difference) {
  assert(counts.n > 0 && difference > -1 && difference < 1);
  const auto& [n, only_a, only_b] = counts;
  // q is the larger root of 2n q^2 + linear q + constant = 0.
  const double linear = (2 * n - only_a + only_b) * difference - only_a - only_b;
  const double constant = -only_b * difference * (1 - difference);
  const double q =
      (std::sqrt(std::max(0.0, linear * linear - 8 * n * constant)) - linear) / (4 * n);
  const double variance = n * (2 * q + difference * (1 - difference));
  const double distance = only_a - only_b - n * difference;
  // Only where nothing differs and nothing is expected to.
  if (variance <= 0) return 0;
  return distance / std::sqrt(variance);
}

Interval score_interval(const Discordance& counts, double critical) {
  assert(critical > 0);
  constexpr double kEdge = 1 - 1e-12;
  const double estimate = std::clamp((counts.only_a - counts.only_b) / counts.n, -kEdge, kEdge);
  const auto over = [&](double difference) {
    return score_statistic(counts, difference) - critical;
  };
  const auto under = [&](double difference) {
    return score_statistic(counts, difference) + critical;
  };
  return {falling_root(over, -kEdge, estimate), falling_root(under, estimate, kEdge)};
}

MarginTest test_margin(const PairedCounts& counts, double margin, double confidence) {
  MarginTest test = tested(discordance_of(counts), margin, normal_quantile(0.5 + confidence / 2),
                           [](double x) { return normal_cdf(x); });
  test.standard_error = paired_standard_error(counts);
  return test;
}

MarginTest test_margin_clustered(std::span<const double> a, std::span<const double> b,
                                 std::span<const std::int64_t> clusters, double margin,
                                 double confidence) {
  assert(a.size() == b.size() && a.size() == clusters.size());
  const auto n = static_cast<double>(a.size());
  std::vector<double> differences(a.size());
  Discordance counts{n, 0, 0};
  for (std::size_t i = 0; i < a.size(); ++i) {
    differences[i] = a[i] - b[i];
    if (differences[i] > 0) ++counts.only_a;
    if (differences[i] < 0) ++counts.only_b;
  }
  const ClusteredMean mean = clustered_mean(differences, clusters);
  assert(mean.clusters > 1);
  const auto g = static_cast<double>(mean.clusters);
  const double size = n / g;
  const double clustered = mean.standard_error * mean.standard_error * n * n;
  const double independent = square_sum(differences, mean.mean) * n / (n - 1);
  const double effect = std::max(1.0, (clustered + size * size) / (independent + size));
  const boost::math::students_t_distribution<double> student(g - 1);
  MarginTest test = tested({n / effect, counts.only_a / effect, counts.only_b / effect}, margin,
                           student_quantile(0.5 + confidence / 2, g - 1),
                           [&](double x) { return boost::math::cdf(student, x); });
  test.standard_error = std::sqrt((clustered + size * size)) / (n + 2 * size);
  return test;
}

}  // namespace pingjia::harness

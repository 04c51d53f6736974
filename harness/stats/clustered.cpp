#include "harness/stats/clustered.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace pingjia::harness {

ClusteredMean clustered_mean(std::span<const double> values,
                             std::span<const std::int64_t> clusters) {
  assert(!values.empty() && values.size() == clusters.size());
  const auto n = static_cast<double>(values.size());
  ClusteredMean result;
  result.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;

  std::vector<std::pair<std::int64_t, double>> residuals;
  residuals.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    residuals.emplace_back(clusters[i], values[i] - result.mean);
  }
  std::stable_sort(residuals.begin(), residuals.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  double squares = 0;
  for (std::size_t i = 0; i < residuals.size();) {
    double sum = 0;
    const std::int64_t cluster = residuals[i].first;
    for (; i < residuals.size() && residuals[i].first == cluster; ++i) sum += residuals[i].second;
    squares += sum * sum;
    ++result.clusters;
  }
  if (result.clusters > 1) {
    const auto g = static_cast<double>(result.clusters);
    result.standard_error = std::sqrt(g / (g - 1) * squares) / n;
  }
  return result;
}

Interval clustered_proportion(std::span<const double> values,
                              std::span<const std::int64_t> clusters, double confidence) {
  const ClusteredMean mean = clustered_mean(values, clusters);
  if (mean.clusters < 2) return {0, 1};
  const auto n = static_cast<double>(values.size());
  const auto g = static_cast<double>(mean.clusters);
  double effective = g;
  if (mean.standard_error > 0) {
    const double spread = mean.mean * (1 - mean.mean);
    effective = std::min(n, spread / (mean.standard_error * mean.standard_error));
  }
  return wilson_effective(mean.mean, effective, student_quantile(0.5 + confidence / 2, g - 1));
}

}  // namespace pingjia::harness

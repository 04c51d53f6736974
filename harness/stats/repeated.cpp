#include "harness/stats/repeated.h"

#include <algorithm>
#include <cmath>

#include "harness/stats/clustered.h"

namespace pingjia::harness {

namespace {

// Of the mean of n draws, smoothed (Jeffreys' prior).
double variance_of_mean(const RepeatedItem& item) {
  const auto n = static_cast<double>(item.n);
  const double p = (static_cast<double>(item.right) + 0.5) / (n + 1);
  return p * (1 - p) / n;
}

Interval clamped(double mean, double half) {
  return {std::max(0.0, mean - half), std::min(1.0, mean + half)};
}

}  // namespace

double pass_at_k(std::int64_t n, std::int64_t c, std::int64_t k) {
  if (n - c < k) return 1;
  double missed = 1;
  for (std::int64_t i = n - c + 1; i <= n; ++i) {
    missed *= 1 - static_cast<double>(k) / static_cast<double>(i);
  }
  return 1 - missed;
}

double consensus(std::span<const std::int64_t> votes, const std::vector<bool>& right) {
  if (votes.empty()) return 0;
  const std::int64_t most = *std::max_element(votes.begin(), votes.end());
  if (most == 0) return 0;
  double tied = 0;
  double tied_right = 0;
  for (std::size_t i = 0; i < votes.size(); ++i) {
    if (votes[i] != most) continue;
    ++tied;
    if (right[i]) ++tied_right;
  }
  return tied_right / tied;
}

double repeat_half_width(std::span<const RepeatedItem> items, double confidence) {
  double sum = 0;
  double count = 0;
  for (const auto& item : items) {
    if (item.n == 0) continue;
    sum += variance_of_mean(item);
    ++count;
  }
  if (count == 0) return 1;
  return normal_quantile(0.5 + confidence / 2) * std::sqrt(sum) / count;
}

ItemMean item_mean(std::span<const double> values, std::span<const std::int64_t> clusters,
                   double confidence) {
  const ClusteredMean mean = clustered_mean(values, clusters);
  if (mean.clusters < 2) return {mean.mean, {0, 1}};
  const double critical =
      student_quantile(0.5 + confidence / 2, static_cast<double>(mean.clusters - 1));
  return {mean.mean, clamped(mean.mean, critical * mean.standard_error)};
}

ItemMean macro_mean(std::span<const RepeatedItem> groups, double confidence) {
  double sum = 0;
  double variance = 0;
  double count = 0;
  for (const auto& group : groups) {
    if (group.n == 0) continue;
    sum += static_cast<double>(group.right) / static_cast<double>(group.n);
    variance += variance_of_mean(group);
    ++count;
  }
  if (count == 0) return {0, {0, 1}};
  const double half = normal_quantile(0.5 + confidence / 2) * std::sqrt(variance) / count;
  return {sum / count, clamped(sum / count, half)};
}

}  // namespace pingjia::harness

#include "harness/stats/multiplicity.h"

#include <algorithm>
#include <numeric>

namespace pingjia::harness {

namespace {

std::vector<std::size_t> ascending(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

}  // namespace

std::vector<double> holm(std::span<const double> p_values) {
  std::vector<double> adjusted(p_values.size());
  double least = 0;
  std::size_t rank = 0;
  for (const std::size_t i : ascending(p_values)) {
    const auto left = static_cast<double>(p_values.size() - rank++);
    least = std::max(least, std::min(1.0, left * p_values[i]));
    adjusted[i] = least;
  }
  return adjusted;
}

std::vector<double> benjamini_hochberg(std::span<const double> p_values) {
  std::vector<double> adjusted(p_values.size());
  const auto order = ascending(p_values);
  const auto n = static_cast<double>(p_values.size());
  double most = 1;
  for (std::size_t rank = order.size(); rank > 0; --rank) {
    const std::size_t i = order[rank - 1];
    most = std::min(most, n / static_cast<double>(rank) * p_values[i]);
    adjusted[i] = most;
  }
  return adjusted;
}

}  // namespace pingjia::harness

#include "kernels/moe/routing.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/base/rng.h"

namespace pingjia::kernels {
namespace {

/// `count` distinct numbers below chances.size(): those with the largest log(u) / chance
/// (Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006).
std::vector<std::int32_t> draw(const std::vector<double>& chances, std::int64_t count,
                               harness::Rng& rng) {
  std::vector<std::pair<double, std::int32_t>> keys;
  for (std::size_t i = 0; i < chances.size(); ++i) {
    keys.emplace_back(std::log(1 - rng.uniform()) / chances[i], static_cast<std::int32_t>(i));
  }
  const auto end = keys.begin() + static_cast<std::ptrdiff_t>(count);
  std::partial_sort(keys.begin(), end, keys.end(), std::greater<>());
  std::vector<std::int32_t> drawn;
  for (auto key = keys.begin(); key != end; ++key) drawn.push_back(key->second);
  return drawn;
}

}  // namespace

MadeRouting make_routing(const MoeShape& shape, double exponent, const std::string& stream) {
  harness::Rng rng(1, stream);
  std::vector<std::int32_t> number(static_cast<std::size_t>(shape.experts));
  std::iota(number.begin(), number.end(), 0);
  rng.shuffle(number);
  std::vector<double> chances;
  for (std::size_t rank = 1; rank <= number.size(); ++rank) {
    chances.push_back(std::pow(static_cast<double>(rank), -exponent));
  }
  MadeRouting routing;
  for (std::int64_t token = 0; token < shape.tokens; ++token) {
    double sum = 0;
    std::vector<double> parts;
    for (const std::int32_t rank : draw(chances, shape.top_k, rng)) {
      routing.experts.push_back(number[static_cast<std::size_t>(rank)]);
      parts.push_back(0.1 + rng.uniform());
      sum += parts.back();
    }
    for (const double part : parts) routing.weights.push_back(static_cast<float>(part / sum));
  }
  return routing;
}

}  // namespace pingjia::kernels

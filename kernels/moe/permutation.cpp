#include "kernels/moe/permutation.h"

namespace pingjia::kernels {

void permute(const MoeShape& shape, const Routing& routing, Permutation& sorted) {
  const auto experts = static_cast<std::size_t>(shape.experts);
  const std::int64_t entries = shape.tokens * shape.top_k;
  sorted.first.assign(experts + 1, 0);
  sorted.token.resize(static_cast<std::size_t>(entries));
  sorted.weight.resize(static_cast<std::size_t>(entries));
  // Counts, one place late; then sums: where each expert begins. Filling moves each begin to its
  // end, which is the next one's begin, so that the array is right again one place early.
  for (std::int64_t i = 0; i < entries; ++i) {
    ++sorted.first[static_cast<std::size_t>(routing.experts[i]) + 1];
  }
  for (std::size_t e = 0; e < experts; ++e) sorted.first[e + 1] += sorted.first[e];
  for (std::int64_t i = 0; i < entries; ++i) {
    const auto expert = static_cast<std::size_t>(routing.experts[i]);
    const auto place = static_cast<std::size_t>(sorted.first[expert]++);
    sorted.token[place] = static_cast<std::int32_t>(i / shape.top_k);
    sorted.weight[place] = routing.weights[i];
  }
  for (std::size_t e = experts; e > 0; --e) sorted.first[e] = sorted.first[e - 1];
  sorted.first[0] = 0;
}

std::int64_t active_experts(const MoeShape& shape, const Routing& routing) {
  std::vector<bool> met(static_cast<std::size_t>(shape.experts), false);
  std::int64_t active = 0;
  for (std::int64_t i = 0; i < shape.tokens * shape.top_k; ++i) {
    const auto expert = static_cast<std::size_t>(routing.experts[i]);
    if (!met[expert]) ++active;
    met[expert] = true;
  }
  return active;
}

}  // namespace pingjia::kernels

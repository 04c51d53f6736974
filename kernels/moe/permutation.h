#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/moe/layer.h"

namespace pingjia::kernels {

/// Tokens sorted by expert: what a grouped product reads. Entries [first[e], first[e + 1]) of
/// `token` and `weight` are expert e's, in the order of the tokens.
struct Permutation {
  std::vector<std::int64_t> first;  ///< experts + 1 of them.
  std::vector<std::int32_t> token;
  std::vector<float> weight;

  std::int64_t count(std::int64_t expert) const {
    return first[static_cast<std::size_t>(expert) + 1] - first[static_cast<std::size_t>(expert)];
  }
};

/// A counting sort of the shape's tokens * top_k entries. Overwrites `sorted`, whose memory is used
/// again.
void permute(const MoeShape& shape, const Routing& routing, Permutation& sorted);

/// Experts with at least one token.
std::int64_t active_experts(const MoeShape& shape, const Routing& routing);

}  // namespace pingjia::kernels

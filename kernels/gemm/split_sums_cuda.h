#pragma once

#include <cstdint>

#include "kernels/cuda/stream.h"

namespace pingjia::kernels::cuda {

/// The end of a product whose k several blocks of threads share: each leaves its sums, and they are
/// added in one order, so that the same call gives the same bits every time. All pointers are the
/// device's; bf16 by its bits.
struct SplitSumsCall {
  const float* sums = nullptr;           ///< [splits, count]
  const std::uint16_t* added = nullptr;  ///< [count] or null; may be out.
  std::uint16_t* out = nullptr;          ///< [count]: their sum, rounded once.
  std::int64_t count = 0;
  int splits = 1;
};
void add_splits(const SplitSumsCall& call, Stream stream);

/// Floats that the splits of a product leave; none of one split, which is the product.
constexpr std::int64_t split_sums_floats(int splits, std::int64_t count) {
  return splits == 1 ? 0 : splits * count;
}

}  // namespace pingjia::kernels::cuda

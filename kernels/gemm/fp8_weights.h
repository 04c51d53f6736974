#pragma once

#include <cstdint>
#include <vector>

#include "kernels/processor/bf16.h"
#include "kernels/processor/threads.h"

namespace pingjia::kernels {

/// Weights in e4m3 (cuda/fp8.cuh) with a scale for each block of 128 x 128, of as many matrices as
/// there are experts: a stored value times its scale is meant.
struct Fp8Weights {
  std::vector<std::uint8_t> values;  ///< [experts, columns, k]
  std::vector<float> scales;         ///< [experts, ceil(columns / 128), ceil(k / 128)]
  std::int64_t columns = 0, k = 0;

  double value(std::int64_t expert, std::int64_t column, std::int64_t at) const;
};

/// From `weights` [experts, columns, k]. A scale is the block's largest magnitude / 448, 0 of a
/// block of zeros.
Fp8Weights fp8_weights(const Bf16* weights, std::int64_t experts, std::int64_t columns,
                       std::int64_t k, Threads& threads);

}  // namespace pingjia::kernels

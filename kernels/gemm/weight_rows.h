#pragma once

#include <cstddef>

#include "kernels/processor/bf16.h"
#include "kernels/processor/isa.h"

namespace pingjia::kernels {

/// What a product with QuantizedWeights does beside multiplying, for one instruction set.
struct WeightRows {
  /// `steps` steps of a group's integers (QuantizedWeights::integers) as a panel of B in bf16,
  /// which holds whole numbers to 256 exactly. Asks for what lies some way behind them.
  void (*unpack8)(const std::byte* integers, int steps, Bf16* panel);
  void (*unpack4)(const std::byte* integers, int steps, Bf16* panel);
  /// to[i][j] += sums[i][j] * scales[j], rows of 32.
  void (*add_scaled)(const float* sums, const Bf16* scales, int rows, float* to);
};

const WeightRows& weight_rows(Isa isa);

}  // namespace pingjia::kernels

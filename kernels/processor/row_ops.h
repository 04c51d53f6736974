#pragma once

#include <cstdint>

#include "kernels/processor/bf16.h"
#include "kernels/processor/isa.h"

namespace pingjia::kernels {

/// What is done to the sums of a product, row by row, for one instruction set.
struct RowOps {
  /// to[i] = from[i] * factor, rounded.
  void (*narrow)(const float* from, float factor, std::int64_t count, Bf16* to);
  /// to[i] += from[i] * factor.
  void (*add)(const float* from, float factor, std::int64_t count, float* to);
};

const RowOps& row_ops(Isa isa);

}  // namespace pingjia::kernels

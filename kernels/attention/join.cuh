#pragma once

#include "kernels/cuda/bf16.cuh"
#include "kernels/cuda/warp.cuh"

namespace pingjia::kernels::cuda {

/// Joins the results of splits, each normalised by itself: weights are the splits' softmax sums,
/// whose base-2 logarithms are given. Each warp of the grid does one row.
struct JoinCall {
  const float* values = nullptr;    ///< [rows, splits, width]
  const float* log_sums = nullptr;  ///< [rows, splits]
  const float* sinks = nullptr;     ///< [heads] or null, natural; row r belongs to head r % heads.
  std::uint16_t* out = nullptr;     ///< [rows, width], bf16
  int rows = 0, splits = 1, width = 128, heads = 1;  ///< width is a multiple of 64.
};

PINGJIA_DEVICE void join_splits(const JoinCall& call, int row) {
  const float* log_sums = call.log_sums + std::int64_t{row} * call.splits;
  float highest = -INFINITY;
  for (int i = lane_index(); i < call.splits; i += 32) highest = fmaxf(highest, log_sums[i]);
  highest = warp_max(highest);
  float total = 0;
  for (int i = lane_index(); i < call.splits; i += 32) total += exp2_fast(log_sums[i] - highest);
  total = warp_sum(total);
  if (call.sinks != nullptr) {
    total += exp2_fast(call.sinks[row % call.heads] * 1.44269504f - highest);
  }
  const bool seen = highest != -INFINITY;
  for (int column = 2 * lane_index(); column < call.width; column += 64) {
    float sums[2] = {0, 0};
    for (int i = 0; seen && i < call.splits; ++i) {
      if (log_sums[i] == -INFINITY) continue;  // It wrote no values.
      const float weight = exp2_fast(log_sums[i] - highest) / total;
      const float* value =
          call.values + (std::int64_t{row} * call.splits + i) * call.width + column;
      sums[0] += weight * value[0];
      sums[1] += weight * value[1];
    }
    *reinterpret_cast<std::uint32_t*>(call.out + std::int64_t{row} * call.width + column) =
        pack_bf16(sums[0], sums[1]);
  }
}

constexpr int kJoinWarps = 4;

PINGJIA_KERNEL(32 * kJoinWarps, 1)
join_kernel(PINGJIA_PARAMETER JoinCall call) {
  const int row = block_x() * kJoinWarps + warp_index();
  if (row < call.rows) join_splits(call, row);
}

}  // namespace pingjia::kernels::cuda

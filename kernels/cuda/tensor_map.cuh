#pragma once

#include <cstdint>

#include "kernels/cuda/hopper.cuh"

namespace pingjia::kernels::cuda {

/// Of a matrix [rows, columns] of bf16 at `base`, on 16 bytes, columns a multiple of 8; boxes of
/// `box_rows` (at most 256) by 64. Throws std::runtime_error without a driver that knows them.
TensorMap tensor_map(const void* base, std::int64_t rows, std::int64_t columns, int box_rows);

}  // namespace pingjia::kernels::cuda

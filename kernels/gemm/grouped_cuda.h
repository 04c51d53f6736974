#pragma once

#include <cstdint>

#include "kernels/cuda/stream.h"

namespace pingjia::kernels::cuda {

/// Products of each expert's tokens with its weights, over rows sorted and padded as
/// moe/permute_cuda.h leaves them. All pointers are the device's; bf16 by its bits; dense,
/// row-major:
///   a [rows, k], weights [experts, columns, k], out [rows, columns] = a weights^T;
/// with `swiglu` weights [experts, 2 columns, k], gate before up, and
///   out = silu(a gate^T) * (a up^T), silu(x) = x / (1 + e^-x).
struct GroupedGemmCall {
  const std::uint16_t* a = nullptr;
  const std::uint16_t* weights = nullptr;
  std::uint16_t* out = nullptr;
  const int* expert_of_block = nullptr;
  const int* blocks = nullptr;  ///< [1]: how many blocks of rows there are.
  int most_blocks = 1;          ///< How many there can be.
  int block = 128;              ///< Rows of a block: 16, 64 or 128.
  int columns = 8;              ///< A multiple of 8.
  int k = 8;                    ///< A multiple of 8.
  bool swiglu = false;
};

/// Puts the products on the stream. Products of bf16 summed in fp32, rounded to bf16 once. Throws
/// std::invalid_argument for a shape it does not have.
void grouped_gemm(const GroupedGemmCall& call, Stream stream);

/// The same on sm_90a alone, by its copy engine and its warpgroups' products; blocks of 128 rows.
/// `experts` is the weights' first dimension. Pointers stand on 16 bytes.
void grouped_gemm_hopper(const GroupedGemmCall& call, int experts, Stream stream);

}  // namespace pingjia::kernels::cuda

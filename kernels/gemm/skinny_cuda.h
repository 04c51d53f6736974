#pragma once

#include <cstdint>

#include "kernels/cuda/stream.h"

namespace pingjia::kernels::cuda {

/// A linear layer for few tokens, whose time is that of reading its weights:
///   out [rows, columns] = a [rows, k] times the transpose of weights [columns, k], plus `added`.
/// All pointers are the device's, on 16 bytes; bf16 by its bits, sums in fp32, rounded once; dense
/// and row-major. The same call gives the same bits every time.
struct SkinnyGemmCall {
  const std::uint16_t* a = nullptr;
  const std::uint16_t* weights = nullptr;
  const std::uint16_t* added = nullptr;  ///< [rows, columns] or null; may be out.
  std::uint16_t* out = nullptr;
  float* scratch = nullptr;  ///< skinny_gemm_scratch() floats; not needed for one split.
  int rows = 1;              ///< At most 16.
  int columns = 8;
  int k = 8;       ///< A multiple of 8.
  int splits = 1;  ///< Blocks of threads that share one column's products.
};

/// Puts the product, and for several splits what joins them, on the stream. Throws
/// std::invalid_argument for a shape it does not have.
void skinny_gemm(const SkinnyGemmCall& call, Stream stream);

/// Floats of `scratch`: each split's sums.
std::int64_t skinny_gemm_scratch(const SkinnyGemmCall& call);

/// How many splits give each multiprocessor a block, with no split under 1,024 of k.
int skinny_gemm_splits(int rows, int columns, int k, int multiprocessors);

}  // namespace pingjia::kernels::cuda

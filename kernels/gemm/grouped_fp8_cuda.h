#pragma once

#include <cstdint>

#include "kernels/cuda/stream.h"

namespace pingjia::kernels::cuda {

/// Values that share a scale: along k, and of weights also along columns (DeepSeek-V3 technical
/// report, 2024, 3.3.2).
constexpr int kFp8Group = 128;

/// As GroupedGemmCall (gemm/grouped_cuda.h), with e4m3 operands and fp32 scales, each stored value
/// times its scale being meant:
///   a [rows, k] with a_scales [rows, groups], groups = ceil(k / 128),
///   weights [experts, columns, k] with weight_scales [experts, ceil(columns / 128), groups],
///   out [rows, columns] in bf16.
struct GroupedFp8Call {
  const std::uint8_t* a = nullptr;
  const float* a_scales = nullptr;
  const std::uint8_t* weights = nullptr;
  const float* weight_scales = nullptr;
  std::uint16_t* out = nullptr;
  const int* expert_of_block = nullptr;
  const int* blocks = nullptr;  ///< [1]: how many blocks of rows there are.
  int most_blocks = 1;          ///< How many there can be.
  int block = 128;              ///< Rows of a block: 16, 64 or 128.
  int columns = 8;              ///< A multiple of 8.
  int k = 16;                   ///< A multiple of 16.
};

/// Puts the products on the stream, for sm_89 and later. Products of a group are summed by the
/// tensor cores, whose fp8 sums keep some 14 bits on sm_90 (the same report), and added in fp32
/// with both scales; rounded to bf16 once. Throws std::invalid_argument for a shape it does not
/// have.
void grouped_fp8_gemm(const GroupedFp8Call& call, Stream stream);

/// Rows of bf16 to e4m3 with a scale for each 128 along k: the largest magnitude / 448, 0 of a
/// group of zeros.
struct QuantizeFp8Call {
  const std::uint16_t* in = nullptr;  ///< [rows, k]
  std::uint8_t* out = nullptr;        ///< [rows, k]
  float* scales = nullptr;            ///< [rows, ceil(k / 128)]
  int rows = 1;
  int k = 8;  ///< A multiple of 8.
};
void quantize_fp8(const QuantizeFp8Call& call, Stream stream);

}  // namespace pingjia::kernels::cuda

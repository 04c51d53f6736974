#pragma once

#include <cstdint>

#include "kernels/cuda/stream.h"

namespace pingjia::kernels::cuda {

/// A linear layer of few tokens whose weights are integers of 8 or 4 bits, of which 128 along k
/// share a scale in bf16 (gemm/quantized_weights.h): out [rows, columns] = a [rows, k] weights^T.
/// All pointers are the device's, on 16 bytes; a and out in bf16 by its bits, dense, row-major.
struct WeightOnlyCall {
  const std::uint16_t* a = nullptr;
  const void* weights = nullptr;  ///< As device_weights() packs them.
  std::uint16_t* out = nullptr;
  float* scratch = nullptr;  ///< weight_only_scratch() floats; not needed for one split.
  int bits = 8;              ///< 8 or 4.
  int rows = 1;              ///< 1 to 16.
  int columns = 1;
  int k = 8;       ///< A multiple of 8.
  int splits = 1;  ///< Blocks that share the k of some columns.
};

/// Puts the product, and for several splits what adds them up, on the stream. Integers times bf16
/// summed in fp32 over each 128 along k, times their scale, summed in fp32, rounded to bf16 once;
/// the same bits in every run. Throws std::invalid_argument for a shape it does not have.
void weight_only_gemm(const WeightOnlyCall& call, Stream stream);

/// Floats of `scratch`: each split's sums.
std::int64_t weight_only_scratch(const WeightOnlyCall& call);

/// How many splits give each multiprocessor two blocks, with no split under 512 of k.
int weight_only_splits(int columns, int k, int multiprocessors);

/// The packed weights: panels of 128 columns, and in a panel blocks of 128 along k, each the
/// integers and behind them 128 scales. What is past the matrix is zero. A block's integers are
/// tiles of 16 columns, and in a tile stand, in the order of its bytes, for each step of 16 along k
/// the A operands of the lanes (mma.cuh), four steps (4 bits) or two (8 bits) in 16 bytes of a
/// lane:
///   4 bits, 8 added: a word is a step; its nibble i is the lower element of a[i], its
///     nibble i + 4 the upper one;
///   8 bits, of two's complement: two words are a step; bytes 0 and 2 of word i are a[2 i], bytes 1
///     and 3 a[2 i + 1].
struct WeightOnlyLayout {
  static constexpr int kColumns = 128, kGroup = 128, kTileColumns = 16, kStep = 16;

  /// Of the 16 bytes of a lane in a tile.
  static constexpr int chunks(int bits) { return bits / 2; }
  static constexpr int integer_bytes(int bits) { return kColumns * kGroup * bits / 8; }
  static constexpr int block_bytes(int bits) { return integer_bytes(bits) + 2 * kColumns; }
  static constexpr int panels(int columns) { return (columns + kColumns - 1) / kColumns; }
  static constexpr int groups(int k) { return (k + kGroup - 1) / kGroup; }
};

}  // namespace pingjia::kernels::cuda

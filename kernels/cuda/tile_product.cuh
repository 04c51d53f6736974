#pragma once

#include <cstdint>

#include "kernels/cuda/tile.cuh"

namespace pingjia::kernels::cuda {

/// The instruction of a product of tiles (mma.cuh).
struct OfBf16 {
  PINGJIA_DEVICE void operator()(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0,
                                 std::uint32_t b1) const {
    multiply(d, a, b0, b1);
  }
};
/// Of tiles that hold two e4m3 in the place of an element.
struct OfE4m3 {
  PINGJIA_DEVICE void operator()(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0,
                                 std::uint32_t b1) const {
    multiply_e4m3(d, a, b0, b1);
  }
};

/// sums[i][j] += rows [a_row + 16 i, ...) of `a` times rows [b_row + 8 j, ...) of `b`, which holds
/// the other operand's transpose, over all their columns. By a warp.
template <int kRowTiles, int kColumnTiles, int kColumns, class Product = OfBf16>
PINGJIA_DEVICE void add_product(float (&sums)[kRowTiles][kColumnTiles][4], const Tile<kColumns>& a,
                                int a_row, const Tile<kColumns>& b, int b_row,
                                Product product = {}) {
  PINGJIA_UNROLL
  for (int step = 0; step < kColumns / 16; ++step) {
    std::uint32_t left[kRowTiles][4];
    PINGJIA_UNROLL
    for (int i = 0; i < kRowTiles; ++i) a.load_a(left[i], a_row + 16 * i, step);
    PINGJIA_UNROLL
    for (int j = 0; j < kColumnTiles; j += 2) {
      std::uint32_t right[4];
      b.load_b(right, b_row + 8 * j, step);
      PINGJIA_UNROLL
      for (int i = 0; i < kRowTiles; ++i) {
        product(sums[i][j], left[i], right[0], right[1]);
        product(sums[i][j + 1], left[i], right[2], right[3]);
      }
    }
  }
}

}  // namespace pingjia::kernels::cuda

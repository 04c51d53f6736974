#pragma once

#include <cstdint>

#include "kernels/cuda/tile.cuh"

namespace pingjia::kernels::cuda {

/// Adds a warp's part of the product of two tiles that hold kSteps operands along k: rows of `a`
/// from `warp_row` on, 16 in a tile of sums, by rows of `b` (which are columns of the product) from
/// `warp_column` on, 8 in a tile. `multiply` is the instruction, as mma.cuh has it.
template <int kSteps, int kRowTiles, int kColumnTiles, class Slab, class Multiply>
PINGJIA_DEVICE void multiply_slabs(float (&sums)[kRowTiles][kColumnTiles][4], const Slab& a_slab,
                                   int warp_row, const Slab& b_slab, int warp_column,
                                   Multiply multiply) {
  PINGJIA_UNROLL
  for (int step = 0; step < kSteps; ++step) {
    std::uint32_t a[kRowTiles][4];
    PINGJIA_UNROLL
    for (int i = 0; i < kRowTiles; ++i) a_slab.load_a(a[i], warp_row + 16 * i, step);
    PINGJIA_UNROLL
    for (int j = 0; j < kColumnTiles; j += 2) {
      std::uint32_t b[4];
      b_slab.load_b(b, warp_column + 8 * j, step);
      PINGJIA_UNROLL
      for (int i = 0; i < kRowTiles; ++i) {
        multiply(sums[i][j], a[i], b[0], b[1]);
        multiply(sums[i][j + 1], a[i], b[2], b[3]);
      }
    }
  }
}

}  // namespace pingjia::kernels::cuda

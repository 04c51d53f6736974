#pragma once

#include "kernels/cuda/grid.cuh"

namespace pingjia::kernels::cuda {

/// Which part of a grouped product a block of threads computes. Blocks that run at one time share
/// rows and weights in the L2: eight blocks of rows go down before the next columns.
struct GroupedPlace {
  int row_block, first_column;
  int expert;  ///< -1: there is no such block of rows.

  /// Of `columns`, so many in a block; `blocks` and `expert_of_block` as in GroupedGemmCall.
  PINGJIA_DEVICE static GroupedPlace here(int columns, int columns_of_block, int most_blocks,
                                          const int* blocks, const int* expert_of_block) {
    constexpr int kDown = 8;
    const int across = (columns + columns_of_block - 1) / columns_of_block;
    const int group = block_x() / (kDown * across), inside = block_x() % (kDown * across);
    const int left = most_blocks - group * kDown, down = left < kDown ? left : kDown;
    const int row_block = group * kDown + inside % down;
    return {row_block, inside / down * columns_of_block,
            row_block < *blocks ? expert_of_block[row_block] : -1};
  }
};

}  // namespace pingjia::kernels::cuda

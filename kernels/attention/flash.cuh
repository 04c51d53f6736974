#pragma once

#include "kernels/cuda/tile.cuh"
#include "kernels/cuda/warp.cuh"

namespace pingjia::kernels::cuda {

/// Attention over tiles of keys with a running softmax (Milakov and Gimelshein, "Online normalizer
/// calculation for softmax", 2018; Dao, "FlashAttention-2", 2023), for one warp and 16 queries. A
/// lane holds of each accumulator (mma.cuh) the rows lane / 4 and lane / 4 + 8: index 0 and 1
/// below. Scores here are dot products times `scale`, where `scale` holds the softmax's own factor
/// and log2(e): weights are powers of two.
struct RunningSoftmax {
  float highest[2] = {-INFINITY, -INFINITY};  ///< Of the unscaled scores; equal in the row's lanes.
  float sum[2] = {0, 0};                      ///< Of this lane's columns only.

  /// Turns scores into weights relative to the highest so far. `shrink` is what everything summed
  /// before must be multiplied with. A score of minus infinity has weight 0, also in a row that has
  /// seen nothing else.
  template <int kTiles>
  PINGJIA_DEVICE void fold(float (&scores)[kTiles][4], float scale, float (&shrink)[2]) {
    PINGJIA_UNROLL
    for (int row = 0; row < 2; ++row) {
      float most = highest[row];
      PINGJIA_UNROLL
      for (int tile = 0; tile < kTiles; ++tile) {
        most = fmaxf(most, fmaxf(scores[tile][2 * row], scores[tile][2 * row + 1]));
      }
      most = quad_max(most);
      const float base = most == -INFINITY ? 0 : most * scale;
      shrink[row] = exp2_fast(highest[row] * scale - base);
      highest[row] = most;
      float added = 0;
      PINGJIA_UNROLL
      for (int tile = 0; tile < kTiles; ++tile) {
        PINGJIA_UNROLL
        for (int i = 2 * row; i < 2 * row + 2; ++i) {
          scores[tile][i] = exp2_fast(scores[tile][i] * scale - base);
          added += scores[tile][i];
        }
      }
      sum[row] = sum[row] * shrink[row] + added;
    }
  }

  /// The sum over the row's lanes, with one more score of natural exponent `sink` in it that has no
  /// value: an attention sink as gpt-oss has them. Minus infinity for none.
  PINGJIA_DEVICE float total(int row, float scale, float sink) const {
    const float sum_of_row = quad_sum(sum[row]);
    if (sink == -INFINITY || highest[row] == -INFINITY) return sum_of_row;
    return sum_of_row + exp2_fast(sink * 1.44269504f - highest[row] * scale);
  }
};

/// out rows * shrink.
template <int kTiles>
PINGJIA_DEVICE void shrink_rows(float (&out)[kTiles][4], const float (&shrink)[2]) {
  PINGJIA_UNROLL
  for (int tile = 0; tile < kTiles; ++tile) {
    PINGJIA_UNROLL
    for (int i = 0; i < 4; ++i) out[tile][i] *= shrink[i / 2];
  }
}

/// Weights of 16 keys as an A operand: the accumulator's layout is the operand's.
PINGJIA_DEVICE void pack_weights(std::uint32_t (&a)[4], const float (&low)[4],
                                 const float (&high)[4]) {
  a[0] = pack_bf16(low[0], low[1]);
  a[1] = pack_bf16(low[2], low[3]);
  a[2] = pack_bf16(high[0], high[1]);
  a[3] = pack_bf16(high[2], high[3]);
}

/// out[i] += weights[i] times the 8 kOutTiles columns of `values` from chunk `first_chunk` on, rows
/// [row, row + 8 kKeyTiles), for kRowTiles tiles of 16 queries: each operand read serves them all.
template <int kRowTiles, int kKeyTiles, int kOutTiles, int kColumns>
PINGJIA_DEVICE void add_values(float (&out)[kRowTiles][kOutTiles][4],
                               const float (&weights)[kRowTiles][kKeyTiles][4],
                               const Tile<kColumns>& values, int row, int first_chunk) {
  PINGJIA_UNROLL
  for (int key = 0; key < kKeyTiles; key += 2) {
    std::uint32_t a[kRowTiles][4];
    PINGJIA_UNROLL
    for (int i = 0; i < kRowTiles; ++i) pack_weights(a[i], weights[i][key], weights[i][key + 1]);
    PINGJIA_UNROLL
    for (int tile = 0; tile < kOutTiles; tile += 2) {
      std::uint32_t b[4];
      values.load_b_rows(b, row + 8 * key, first_chunk + tile);
      PINGJIA_UNROLL
      for (int i = 0; i < kRowTiles; ++i) {
        multiply(out[i][tile], a[i], b[0], b[1]);
        multiply(out[i][tile + 1], a[i], b[2], b[3]);
      }
    }
  }
}

}  // namespace pingjia::kernels::cuda

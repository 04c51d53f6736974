#pragma once

#include <algorithm>

#include "kernels/attention/flash.cuh"
#include "kernels/attention/prefill_cuda.h"

namespace pingjia::kernels::cuda {

/// What one block of a prefill kernel computes: some queries of one head of one sequence. Which
/// keys they see, and where their rows of `out` are. Its grid is (blocks of queries, heads,
/// sequences).
struct QueryBlock {
  const PrefillCall& call;
  int sequence, head, first_query;
  int queries, keys;  ///< Of the sequence.

  PINGJIA_DEVICE QueryBlock(const PrefillCall& c, int rows)
      : call(c),
        sequence(block_z()),
        head(block_y()),
        // The last queries see most keys: they go first, so that no long block begins at the end.
        first_query((blocks_x() - 1 - block_x()) * rows),
        queries(c.query_starts[sequence + 1] - c.query_starts[sequence]),
        keys(c.key_starts[sequence + 1] - c.key_starts[sequence]) {}

  PINGJIA_DEVICE int kv_head() const { return head / (call.query_heads / call.kv_heads); }
  /// The last key that query i sees; below 0 when it sees none.
  PINGJIA_DEVICE int last_key(int i) const {
    return call.causal ? std::min(i + keys - queries, keys - 1) : keys - 1;
  }
  /// The first one.
  PINGJIA_DEVICE int first_key(int i) const {
    return call.window > 0 ? std::max(0, i + keys - queries - call.window + 1) : 0;
  }
  /// Whether any of the block's queries [row, row + rows) does not see all keys [first, last].
  PINGJIA_DEVICE bool hides(int row, int rows, int first, int last) const {
    return last > last_key(first_query + row) ||
           first < first_key(std::min(first_query + row + rows, queries) - 1);
  }

  /// Minus infinity for what the block's queries [row, row + 16) do not see of the keys from
  /// `first` on. By a warp.
  template <int kTiles>
  PINGJIA_DEVICE void mask(float (&scores)[kTiles][4], int row, int first) const {
    PINGJIA_UNROLL
    for (int half = 0; half < 2; ++half) {
      const int query = first_query + row + lane_index() / 4 + 8 * half;
      const int from = first_key(query), last = last_key(query);
      PINGJIA_UNROLL
      for (int tile = 0; tile < kTiles; ++tile) {
        PINGJIA_UNROLL
        for (int i = 0; i < 2; ++i) {
          const int key = first + 8 * tile + lane_index() % 4 * 2 + i;
          if (key < from || key > last) scores[tile][2 * half + i] = -INFINITY;
        }
      }
    }
  }

  /// Rows [row, row + 16) of the block, if they are the sequence's. By a warp.
  template <int kTiles>
  PINGJIA_DEVICE void store(const float (&out)[kTiles][4], const RunningSoftmax& softmax, int row,
                            float scale) const {
    const float sink = call.sinks != nullptr ? call.sinks[head] : -INFINITY;
    PINGJIA_UNROLL
    for (int half = 0; half < 2; ++half) {
      const float total = softmax.total(half, scale, sink);
      const float factor = total > 0 ? 1 / total : 0;
      const int query = first_query + row + lane_index() / 4 + 8 * half;
      if (query >= queries) continue;
      const std::int64_t at =
          std::int64_t{call.query_starts[sequence] + query} * call.query_heads + head;
      auto* to = reinterpret_cast<std::uint32_t*>(call.out + at * 8 * kTiles) + lane_index() % 4;
      PINGJIA_UNROLL
      for (int tile = 0; tile < kTiles; ++tile) {
        to[4 * tile] = pack_bf16(out[tile][2 * half] * factor, out[tile][2 * half + 1] * factor);
      }
    }
  }
};

}  // namespace pingjia::kernels::cuda

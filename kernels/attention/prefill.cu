#include <algorithm>
#include <stdexcept>

#include "kernels/attention/prefill_cuda.h"
#include "kernels/attention/query_block.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/tile_product.cuh"

namespace pingjia::kernels::cuda {
namespace {

/// A block computes 128 queries of one head, 32 in each of four warps, over tiles of 64 keys. Keys
/// and values have one buffer each: values arrive while scores are computed, the next keys while
/// values are summed. With 32 rows in a warp each operand read from shared memory serves two
/// products; with 16 the reads alone would fill the time (256 bytes a product, 128 a cycle).
template <int kKeyWidth, int kValueWidth>
struct Prefill : QueryBlock {
  static constexpr int kQueries = 128, kKeys = 64, kWarps = 4, kThreads = 32 * kWarps;
  static constexpr int kRowTiles = 2, kKeyTiles = kKeys / 8, kOutTiles = kValueWidth / 8;
  using KeyTile = Tile<kKeyWidth>;
  using ValueTile = Tile<kValueWidth>;
  static constexpr int kSharedBytes =
      KeyTile::bytes(kQueries) + KeyTile::bytes(kKeys) + ValueTile::bytes(kKeys);

  KeyTile query_tile, key_tile;
  ValueTile value_tile;

  PINGJIA_DEVICE explicit Prefill(const PrefillCall& c)
      : QueryBlock(c, kQueries),
        query_tile{dynamic_shared()},
        key_tile{query_tile.base + KeyTile::bytes(kQueries)},
        value_tile{key_tile.base + KeyTile::bytes(kKeys)} {}

  PINGJIA_DEVICE void copy_queries() {
    copy_rows(query_tile, kQueries, thread_index(), kThreads, call.q, [&](int row) {
      const int i = first_query + row;
      const std::int64_t at =
          std::int64_t{call.query_starts[sequence] + i} * call.query_heads + head;
      return i < queries ? call.q + at * kKeyWidth : nullptr;
    });
  }

  /// Of the tile that begins at key `first`.
  template <int kWidth>
  PINGJIA_DEVICE void copy_keys(const Tile<kWidth>& tile, const Bf16Bits* from, int first) {
    const int shared_head = kv_head();
    copy_rows(tile, kKeys, thread_index(), kThreads, call.q, [&](int row) {
      const std::int64_t at =
          std::int64_t{call.key_starts[sequence] + first + row} * call.kv_heads + shared_head;
      return first + row < keys ? from + at * kWidth : nullptr;
    });
    commit_copies();
  }

  PINGJIA_DEVICE void run() {
    if (first_query >= queries) return;
    const int last_query = std::min(first_query + kQueries, queries) - 1;
    const int begin = first_key(first_query) / kKeys * kKeys, end = last_key(last_query) + 1;
    const int warp_row = 32 * warp_index();
    const float scale = call.scale * 1.44269504f;
    float out[kRowTiles][kOutTiles][4] = {};
    RunningSoftmax softmax[kRowTiles];

    copy_queries();
    copy_keys(key_tile, call.k, begin);
    for (int first = begin; first < end; first += kKeys) {
      wait_copies<0>();
      sync_threads();
      copy_keys(value_tile, call.v, first);
      float scores[kRowTiles][kKeyTiles][4] = {};
      add_product(scores, query_tile, warp_row, key_tile, 0);
      // Not the whole tile is seen by all of the block's queries.
      const bool masked = hides(0, kQueries, first, first + kKeys - 1);
      PINGJIA_UNROLL
      for (int i = 0; i < kRowTiles; ++i) {
        float shrink[2];
        if (masked) mask(scores[i], warp_row + 16 * i, first);
        softmax[i].fold(scores[i], scale, shrink);
        shrink_rows(out[i], shrink);
      }
      wait_copies<0>();
      sync_threads();
      if (first + kKeys < end) copy_keys(key_tile, call.k, first + kKeys);
      add_values(out, scores, value_tile, 0, 0);
    }
    wait_copies<0>();
    PINGJIA_UNROLL
    for (int i = 0; i < kRowTiles; ++i) store(out[i], softmax[i], warp_row + 16 * i, scale);
  }
};

template <int kKeyWidth, int kValueWidth>
PINGJIA_KERNEL(128, 1)
prefill_kernel(PINGJIA_PARAMETER PrefillCall call) {
  Prefill<kKeyWidth, kValueWidth>(call).run();
}

template <int kKeyWidth, int kValueWidth>
void start(const PrefillCall& call, Stream stream) {
  using Shape = Prefill<kKeyWidth, kValueWidth>;
  launch(prefill_kernel<kKeyWidth, kValueWidth>,
         {.x = (call.longest_query + Shape::kQueries - 1) / Shape::kQueries,
          .y = call.query_heads,
          .z = call.batch,
          .threads = Shape::kThreads,
          .shared_bytes = Shape::kSharedBytes},
         stream, call);
}

}  // namespace

void prefill_attention(const PrefillCall& call, Stream stream) {
  if (call.key_width == 64 && call.value_width == 64) return start<64, 64>(call, stream);
  if (call.key_width == 128 && call.value_width == 128) return start<128, 128>(call, stream);
  if (call.key_width == 192 && call.value_width == 128) return start<192, 128>(call, stream);
  throw std::invalid_argument("prefill attention on CUDA has head widths 64, 128 and 192 over 128");
}

}  // namespace pingjia::kernels::cuda

#include <algorithm>
#include <stdexcept>

#include "kernels/attention/flash.cuh"
#include "kernels/attention/join.cuh"
#include "kernels/attention/mla_decode_cuda.h"
#include "kernels/cuda/launch.cuh"

namespace pingjia::kernels::cuda {
namespace {

PINGJIA_HOST_DEVICE int rows_of(const MlaDecodeCall& call) {
  return call.tokens * call.heads;
}

/// A block computes one split of one sequence for 16 kRowTiles rows over tiles of kKeys keys, which
/// serve as keys and as values from one copy. Rows are heads, and with kTokens those of each query
/// token in turn. Scores: each warp has 16 rows and half of the tile's keys. Values: each warp has
/// 32 rows and a quarter of the 512 columns, as many as its registers hold; so weights change hands
/// through shared memory.
template <int kRowTiles, int kKeys, bool kTokens>
struct MlaDecode {
  static constexpr int kRows = 16 * kRowTiles, kWarps = 2 * kRowTiles, kThreads = 32 * kWarps;
  static constexpr int kKeyWidth = MlaDecodeCall::kKeyWidth, kWidth = MlaDecodeCall::kValueWidth;
  static constexpr int kSliceTiles = kKeys / 2 / 8, kOutTiles = kWidth / 4 / 8;
  using KeyTile = Tile<kKeyWidth>;
  using WeightTile = Tile<64>;  // Of which kKeys columns are used.
  static_assert(kKeys <= 64);
  static constexpr int kWeightsAt = KeyTile::bytes(kRows) + 2 * KeyTile::bytes(kKeys);
  static constexpr int kFloatsAt = kWeightsAt + WeightTile::bytes(kRows);
  static constexpr int kSharedBytes = kFloatsAt + 4 * kRows * 4;

  const MlaDecodeCall& call;
  int sequence, first_row, split, length, begin, end;  ///< Tiles of this split.
  int row_tile, slice;                                 ///< Of this warp's scores.
  int row_pair, quarter;                               ///< Of its values.
  std::byte* shared;
  float highest[2] = {-INFINITY, -INFINITY}, sum[2] = {0, 0};
  float out[2][kOutTiles][4] = {};

  PINGJIA_DEVICE explicit MlaDecode(const MlaDecodeCall& c)
      : call(c),
        sequence(block_z()),
        first_row(block_y() * kRows),
        split(block_x()),
        length(c.lengths[sequence]),
        row_tile(warp_index() % kRowTiles),
        slice(warp_index() / kRowTiles),
        row_pair(warp_index() % (kRowTiles / 2)),
        quarter(warp_index() / (kRowTiles / 2)),
        shared(dynamic_shared()) {
    const int tiles = (length + kKeys - 1) / kKeys, each = (tiles + c.splits - 1) / c.splits;
    begin = std::min(tiles, split * each);
    end = std::min(tiles, begin + each);
  }

  PINGJIA_DEVICE KeyTile queries() const { return {shared}; }
  PINGJIA_DEVICE KeyTile keys(int tile) const {
    return {shared + KeyTile::bytes(kRows) + tile % 2 * KeyTile::bytes(kKeys)};
  }
  PINGJIA_DEVICE WeightTile weights() const { return {shared + kWeightsAt}; }
  PINGJIA_DEVICE float* floats(int array) const {
    return reinterpret_cast<float*>(shared + kFloatsAt) + array * kRows;
  }
  /// Of each half of the keys, the rows' highest scores; at the end, their sums.
  PINGJIA_DEVICE float* of_slice(int half_of_keys) const { return floats(half_of_keys); }
  PINGJIA_DEVICE float* shrinks() const { return floats(2); }
  PINGJIA_DEVICE float* highests() const { return floats(3); }
  /// The row of the block that the lane's accumulators [2 half] and [2 half + 1] belong to.
  PINGJIA_DEVICE int score_row(int half) const {
    return 16 * row_tile + lane_index() / 4 + 8 * half;
  }

  PINGJIA_DEVICE int rows() const { return rows_of(call); }
  /// Row i of the block sees the keys below this.
  PINGJIA_DEVICE int last_seen(int row) const {
    if constexpr (!kTokens) return length;
    return std::min(length, length - call.tokens + 1 + (first_row + row) / call.heads);
  }

  PINGJIA_DEVICE void copy_queries() {
    copy_rows(queries(), kRows, thread_index(), kThreads, call.q, [&](int row) {
      const std::int64_t at = std::int64_t{sequence} * rows() + first_row + row;
      return first_row + row < rows() ? call.q + at * kKeyWidth : nullptr;
    });
  }

  PINGJIA_DEVICE void copy_keys(int tile) {
    if (tile < end) {
      const int* pages = call.pages + std::int64_t{sequence} * call.most_pages;
      copy_rows(
          keys(tile), kKeys, thread_index(), kThreads, call.q, [&](int row) -> const Bf16Bits* {
            const int key = tile * kKeys + row;
            if (key >= length) return nullptr;
            const std::int64_t at =
                std::int64_t{pages[key / call.page_size]} * call.page_size + key % call.page_size;
            return call.key_pages + at * kKeyWidth;
          });
    }
    commit_copies();
  }

  PINGJIA_DEVICE void score(float (&scores)[kSliceTiles][4], int tile) const {
    PINGJIA_UNROLL
    for (int step = 0; step < kKeyWidth / 16; step += 2) {
      std::uint32_t a[2][4];
      queries().load_a(a[0], 16 * row_tile, step);
      queries().load_a(a[1], 16 * row_tile, step + 1);
      PINGJIA_UNROLL
      for (int i = 0; i < kSliceTiles; ++i) {
        std::uint32_t b[4];
        keys(tile).load_b_deep(b, slice * kKeys / 2 + 8 * i, step);
        multiply(scores[i], a[0], b[0], b[1]);
        multiply(scores[i], a[1], b[2], b[3]);
      }
    }
    PINGJIA_UNROLL
    for (int i = 0; i < 4 * kSliceTiles; ++i) {
      const int key = tile * kKeys + slice * kKeys / 2 + i / 4 * 8 + lane_index() % 4 * 2 + i % 2;
      if (key >= last_seen(score_row(i / 2 % 2))) scores[i / 4][i % 4] = -INFINITY;
    }
  }

  PINGJIA_DEVICE void tell_highest(const float (&scores)[kSliceTiles][4]) const {
    PINGJIA_UNROLL
    for (int half = 0; half < 2; ++half) {
      float most = -INFINITY;
      PINGJIA_UNROLL
      for (int i = 0; i < kSliceTiles; ++i) {
        most = fmaxf(most, fmaxf(scores[i][2 * half], scores[i][2 * half + 1]));
      }
      most = quad_max(most);
      if (lane_index() % 4 == 0) of_slice(slice)[score_row(half)] = most;
    }
  }

  /// Weights relative to the highest of both halves, which their warps compute alike. With one
  /// token no row is without a key: a tile's first key is always seen.
  PINGJIA_DEVICE void write_weights(const float (&scores)[kSliceTiles][4], float scale) {
    PINGJIA_UNROLL
    for (int half = 0; half < 2; ++half) {
      const int row = score_row(half);
      const float most = fmaxf(highest[half], fmaxf(of_slice(0)[row], of_slice(1)[row]));
      const float base = kTokens && most == -INFINITY ? 0 : most;
      const float shrink = exp2_fast((highest[half] - base) * scale);
      highest[half] = most;
      sum[half] *= shrink;
      if (slice == 0 && lane_index() % 4 == 0) shrinks()[row] = shrink;
      PINGJIA_UNROLL
      for (int i = 0; i < kSliceTiles; ++i) {
        const float left = exp2_fast((scores[i][2 * half] - base) * scale);
        const float right = exp2_fast((scores[i][2 * half + 1] - base) * scale);
        sum[half] += left + right;
        std::byte* to = weights().chunk(row, slice * kSliceTiles + i) + lane_index() % 4 * 4;
        *reinterpret_cast<std::uint32_t*>(to) = pack_bf16(left, right);
      }
    }
  }

  PINGJIA_DEVICE void add_tile(int tile) {
    PINGJIA_UNROLL
    for (int i = 0; i < 2; ++i) {
      const int row = 32 * row_pair + 16 * i + lane_index() / 4;
      const float shrink[2] = {shrinks()[row], shrinks()[row + 8]};
      shrink_rows(out[i], shrink);
    }
    PINGJIA_UNROLL
    for (int step = 0; step < kKeys / 16; ++step) {
      std::uint32_t a[2][4];
      weights().load_a(a[0], 32 * row_pair, step);
      weights().load_a(a[1], 32 * row_pair + 16, step);
      PINGJIA_UNROLL
      for (int i = 0; i < kOutTiles; i += 2) {
        std::uint32_t b[4];
        keys(tile).load_b_rows(b, 16 * step, quarter * kOutTiles + i);
        PINGJIA_UNROLL
        for (int rows = 0; rows < 2; ++rows) {
          multiply(out[rows][i], a[rows], b[0], b[1]);
          multiply(out[rows][i + 1], a[rows], b[2], b[3]);
        }
      }
    }
  }

  PINGJIA_DEVICE void tell_sums(float scale) const {
    PINGJIA_UNROLL
    for (int half = 0; half < 2; ++half) {
      const float total = quad_sum(sum[half]);
      if (lane_index() % 4 != 0) continue;
      of_slice(slice)[score_row(half)] = total;
      if (slice == 0) highests()[score_row(half)] = highest[half] * scale;
    }
  }

  PINGJIA_DEVICE void store() const {
    PINGJIA_UNROLL
    for (int i = 0; i < 4; ++i) {
      const int row = 32 * row_pair + lane_index() / 4 + 8 * i;
      if (first_row + row >= rows()) continue;
      const float total = of_slice(0)[row] + of_slice(1)[row];
      const float factor = total > 0 ? 1 / total : 0;
      const std::int64_t at = std::int64_t{sequence} * rows() + first_row + row;
      const int first = quarter * kWidth / 4 + lane_index() % 4 * 2;
      PINGJIA_UNROLL
      for (int tile = 0; tile < kOutTiles; ++tile) {
        const float left = out[i / 2][tile][i % 2 * 2] * factor;
        const float right = out[i / 2][tile][i % 2 * 2 + 1] * factor;
        store_pair(at, first + 8 * tile, left, right);
      }
      if (call.splits > 1 && quarter == 0 && lane_index() % 4 == 0) {
        log_sums()[at * call.splits + split] =
            total > 0 ? highests()[row] + log2f(total) : -INFINITY;
      }
    }
  }

  PINGJIA_DEVICE float* log_sums() const {
    return call.scratch + std::int64_t{call.batch} * rows() * call.splits * kWidth;
  }
  PINGJIA_DEVICE void store_pair(std::int64_t row, int column, float left, float right) const {
    if (call.splits == 1) {
      *reinterpret_cast<std::uint32_t*>(call.out + row * kWidth + column) = pack_bf16(left, right);
    } else {
      float* to = call.scratch + (row * call.splits + split) * kWidth + column;
      to[0] = left, to[1] = right;
    }
  }

  PINGJIA_DEVICE void run() {
    const float scale = call.scale * 1.44269504f;
    copy_queries();
    copy_keys(begin);
    for (int tile = begin; tile < end; ++tile) {
      wait_copies<0>();
      sync_threads();
      copy_keys(tile + 1);
      float scores[kSliceTiles][4] = {};
      score(scores, tile);
      tell_highest(scores);
      sync_threads();
      write_weights(scores, scale);
      sync_threads();
      add_tile(tile);
    }
    wait_copies<0>();
    tell_sums(scale);
    sync_threads();
    store();
  }
};

template <int kRowTiles, int kKeys, bool kTokens>
PINGJIA_KERNEL(64 * kRowTiles, 1)
mla_decode_kernel(PINGJIA_PARAMETER MlaDecodeCall call) {
  MlaDecode<kRowTiles, kKeys, kTokens>(call).run();
}

template <int kRowTiles, int kKeys, bool kTokens>
void start(const MlaDecodeCall& call, Stream stream) {
  using Shape = MlaDecode<kRowTiles, kKeys, kTokens>;
  launch(mla_decode_kernel<kRowTiles, kKeys, kTokens>,
         {.x = call.splits,
          .y = (rows_of(call) + Shape::kRows - 1) / Shape::kRows,
          .z = call.batch,
          .threads = Shape::kThreads,
          .shared_bytes = Shape::kSharedBytes},
         stream, call);
}

template <int kRowTiles, int kKeys>
void start(const MlaDecodeCall& call, Stream stream) {
  call.tokens == 1 ? start<kRowTiles, kKeys, false>(call, stream)
                   : start<kRowTiles, kKeys, true>(call, stream);
}

}  // namespace

void mla_decode_attention(const MlaDecodeCall& call, Stream stream) {
  if (call.tokens < 1) throw std::invalid_argument("MLA decode on CUDA needs a query token");
  if (call.heads_of_block == 64) {
    start<4, 32>(call, stream);
  } else if (call.heads_of_block == 32) {
    start<2, 16>(call, stream);
  } else {
    throw std::invalid_argument("MLA decode on CUDA computes 32 or 64 heads in a block");
  }
  if (call.splits == 1) return;
  const int rows = call.batch * rows_of(call);
  const JoinCall join{
      .values = call.scratch,
      .log_sums = call.scratch + std::int64_t{rows} * call.splits * MlaDecodeCall::kValueWidth,
      .out = call.out,
      .rows = rows,
      .splits = call.splits,
      .width = MlaDecodeCall::kValueWidth,
      .heads = call.heads};
  launch(join_kernel, {.x = (rows + kJoinWarps - 1) / kJoinWarps, .threads = 32 * kJoinWarps},
         stream, join);
}

std::int64_t mla_decode_scratch(const MlaDecodeCall& call) {
  if (call.splits == 1) return 0;
  return std::int64_t{call.batch} * rows_of(call) * call.splits * (MlaDecodeCall::kValueWidth + 1);
}

}  // namespace pingjia::kernels::cuda

#include <algorithm>
#include <stdexcept>

#include "kernels/attention/flash.cuh"
#include "kernels/attention/join.cuh"
#include "kernels/attention/paged_decode_cuda.h"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/tile_product.cuh"

namespace pingjia::kernels::cuda {
namespace {

/// A block computes one split of one sequence for 16 kRowTiles rows of one kv head, which read
/// every key once. Rows are its query heads, and with kTokens those of each query token in turn.
/// Its four warps take turns at chunks of 16 keys, each with buffers of its own, so that none waits
/// for another before the end.
template <int kWidth, int kRowTiles, bool kTokens>
struct PagedDecode {
  static constexpr int kRows = 16 * kRowTiles, kKeys = 16;
  static constexpr int kWarps = 4, kThreads = 32 * kWarps, kStages = 3;
  static constexpr int kOutTiles = kWidth / 8;
  using Chunk = Tile<kWidth>;
  static constexpr int kStageBytes = 2 * Chunk::bytes(kKeys);
  static constexpr int kSharedBytes = Chunk::bytes(kRows) + kWarps * kStages * kStageBytes;
  /// What a warp hands over at the end: its rows' values, exponents and sums.
  static constexpr int kHandedFloats = kRows * (kWidth + 2);
  static_assert(kWarps * kHandedFloats * 4 <= kWarps * kStages * kStageBytes);

  const PagedDecodeCall& call;
  int sequence, kv_head, split, group, length;
  int first_row;   ///< Of the kv head's rows, the block's first.
  int begin, end;  ///< Chunks of this split.
  std::byte* shared;

  PINGJIA_DEVICE explicit PagedDecode(const PagedDecodeCall& c)
      : call(c),
        sequence(block_z()),
        kv_head(kTokens ? block_y() % c.kv_heads : block_y()),
        split(block_x()),
        group(c.query_heads / c.kv_heads),
        length(c.lengths[sequence]),
        first_row(kTokens ? block_y() / c.kv_heads * kRows : 0),
        shared(dynamic_shared()) {
    const int first_chunk = first_seen(0) / kKeys;
    const int chunks = (last_seen(kRows - 1) + kKeys - 1) / kKeys - first_chunk;
    const int each = (chunks + c.splits - 1) / c.splits;
    begin = first_chunk + std::min(chunks, split * each);
    end = first_chunk + std::min(chunks, (split + 1) * each);
  }

  PINGJIA_DEVICE Chunk key_chunk(int stage) const {
    return {shared + Chunk::bytes(kRows) + (warp_index() * kStages + stage) * kStageBytes};
  }
  PINGJIA_DEVICE Chunk value_chunk(int stage) const {
    return {key_chunk(stage).base + Chunk::bytes(kKeys)};
  }
  PINGJIA_DEVICE int token_of(int row) const { return kTokens ? (first_row + row) / group : 0; }
  PINGJIA_DEVICE int head_of(int row) const {
    return kv_head * group + first_row + row - token_of(row) * group;
  }
  PINGJIA_DEVICE int live_rows() const {
    const int left = group * (kTokens ? call.tokens : 1) - first_row;
    return left < kRows ? left : kRows;
  }
  /// The block's row `row` sees the keys [first_seen, last_seen).
  PINGJIA_DEVICE int last_seen(int row) const {
    if constexpr (!kTokens) return length;
    return std::max(0, std::min(length, length - call.tokens + 1 + token_of(row)));
  }
  PINGJIA_DEVICE int first_seen(int row) const {
    return call.window > 0 ? std::max(0, last_seen(row) - call.window) : 0;
  }
  PINGJIA_DEVICE int row_of_output(int row) const {
    const int token = kTokens ? sequence * call.tokens + token_of(row) : sequence;
    return token * call.query_heads + head_of(row);
  }

  PINGJIA_DEVICE void copy_queries() {
    copy_rows(Chunk{shared}, kRows, thread_index(), kThreads, call.q, [&](int row) {
      return row < live_rows() ? call.q + std::int64_t{row_of_output(row)} * kWidth : nullptr;
    });
  }

  /// A chunk lies in one page: pages are whole chunks.
  PINGJIA_DEVICE void copy_chunk(int stage, int chunk) {
    if (chunk < end) {
      const int first = chunk * kKeys;
      const int page =
          call.pages[std::int64_t{sequence} * call.most_pages + first / call.page_size];
      const std::int64_t at = std::int64_t{page} * call.page_size + first % call.page_size;
      const auto rows = [&](const Bf16Bits* cache) {
        return [=, this](int row) {
          return first + row < length ? cache + ((at + row) * call.kv_heads + kv_head) * kWidth
                                      : nullptr;
        };
      };
      copy_rows(key_chunk(stage), kKeys, lane_index(), 32, call.q, rows(call.key_pages));
      copy_rows(value_chunk(stage), kKeys, lane_index(), 32, call.q, rows(call.value_pages));
    }
    commit_copies();
  }

  PINGJIA_DEVICE void mask(float (&scores)[kRowTiles][2][4], int chunk) const {
    PINGJIA_UNROLL
    for (int half = 0; half < 2 * kRowTiles; ++half) {
      const int row = lane_index() / 4 + 8 * half;
      const int from = first_seen(row), to = last_seen(row);
      PINGJIA_UNROLL
      for (int i = 0; i < 4; ++i) {
        const int key = chunk * kKeys + i / 2 * 8 + lane_index() % 4 * 2 + i % 2;
        if (key < from || key >= to) scores[half / 2][i / 2][half % 2 * 2 + i % 2] = -INFINITY;
      }
    }
  }

  PINGJIA_DEVICE void attend(float (&out)[kRowTiles][kOutTiles][4],
                             RunningSoftmax (&softmax)[kRowTiles], float scale) {
    int stage = 0;
    for (int chunk = begin + warp_index(); chunk < end; chunk += kWarps) {
      wait_copies<kStages - 1>();
      sync_warp();
      float scores[kRowTiles][2][4] = {};
      add_product(scores, Chunk{shared}, 0, key_chunk(stage), 0);
      mask(scores, chunk);
      PINGJIA_UNROLL
      for (int i = 0; i < kRowTiles; ++i) {
        float shrink[2];
        softmax[i].fold(scores[i], scale, shrink);
        shrink_rows(out[i], shrink);
      }
      add_values(out, scores, value_chunk(stage), 0, 0);
      sync_warp();
      copy_chunk(stage, chunk + kStages * kWarps);
      stage = stage + 1 == kStages ? 0 : stage + 1;
    }
  }

  PINGJIA_DEVICE float* handed(int warp) const {
    return reinterpret_cast<float*>(shared + Chunk::bytes(kRows)) + warp * kHandedFloats;
  }
  /// A tile of 16 rows from `first` on.
  PINGJIA_DEVICE void hand_over(const float (&out)[kOutTiles][4], const RunningSoftmax& softmax,
                                int first, float scale) const {
    float* to = handed(warp_index());
    PINGJIA_UNROLL
    for (int half = 0; half < 2; ++half) {
      const int row = first + lane_index() / 4 + 8 * half, pair = lane_index() % 4 * 2;
      PINGJIA_UNROLL
      for (int tile = 0; tile < kOutTiles; ++tile) {
        to[row * kWidth + 8 * tile + pair] = out[tile][2 * half];
        to[row * kWidth + 8 * tile + pair + 1] = out[tile][2 * half + 1];
      }
      const float sum = quad_sum(softmax.sum[half]);
      if (pair == 0) {
        to[kRows * kWidth + row] = softmax.highest[half] * scale;
        to[kRows * (kWidth + 1) + row] = sum;
      }
    }
  }

  /// One row by one warp, from what all warps handed over.
  PINGJIA_DEVICE void join(int row) const {
    float factors[kWarps], highest = -INFINITY, total = 0;
    for (int warp = 0; warp < kWarps; ++warp) {
      highest = fmaxf(highest, handed(warp)[kRows * kWidth + row]);
    }
    const float base = highest == -INFINITY ? 0 : highest;
    for (int warp = 0; warp < kWarps; ++warp) {
      factors[warp] = exp2_fast(handed(warp)[kRows * kWidth + row] - base);
      total += factors[warp] * handed(warp)[kRows * (kWidth + 1) + row];
    }
    const float log_sum = highest == -INFINITY ? highest : base + log2f(total);
    if (call.splits == 1 && call.sinks != nullptr && total > 0) {
      total += exp2_fast(call.sinks[head_of(row)] * 1.44269504f - base);
    }
    const float normal = total > 0 ? 1 / total : 0;
    for (int column = 2 * lane_index(); column < kWidth; column += 64) {
      float sums[2] = {0, 0};
      for (int warp = 0; warp < kWarps; ++warp) {
        const float* value = handed(warp) + row * kWidth + column;
        sums[0] += factors[warp] * normal * value[0];
        sums[1] += factors[warp] * normal * value[1];
      }
      store(row, column, sums);
    }
    if (call.splits > 1 && lane_index() == 0) {
      log_sums()[std::int64_t{row_of_output(row)} * call.splits + split] = log_sum;
    }
  }

  PINGJIA_DEVICE float* log_sums() const {
    return call.scratch +
           std::int64_t{call.batch} * call.tokens * call.query_heads * call.splits * kWidth;
  }
  PINGJIA_DEVICE void store(int row, int column, const float (&pair)[2]) const {
    const std::int64_t at = row_of_output(row);
    if (call.splits == 1) {
      *reinterpret_cast<std::uint32_t*>(call.out + at * kWidth + column) =
          pack_bf16(pair[0], pair[1]);
    } else {
      float* to = call.scratch + (at * call.splits + split) * kWidth + column;
      to[0] = pair[0], to[1] = pair[1];
    }
  }

  PINGJIA_DEVICE void run() {
    const float scale = call.scale * 1.44269504f;
    float out[kRowTiles][kOutTiles][4] = {};
    RunningSoftmax softmax[kRowTiles];
    copy_queries();
    // In the first group too: it is waited for by all before the first product.
    for (int stage = 0; stage < kStages; ++stage) {
      copy_chunk(stage, begin + warp_index() + stage * kWarps);
    }
    wait_copies<kStages - 1>();
    sync_threads();
    attend(out, softmax, scale);
    wait_copies<0>();
    sync_threads();
    PINGJIA_UNROLL
    for (int i = 0; i < kRowTiles; ++i) hand_over(out[i], softmax[i], 16 * i, scale);
    sync_threads();
    for (int row = warp_index(); row < live_rows(); row += kWarps) join(row);
  }
};

template <int kWidth, int kRowTiles, bool kTokens>
PINGJIA_KERNEL(128, 1)
paged_decode_kernel(PINGJIA_PARAMETER PagedDecodeCall call) {
  PagedDecode<kWidth, kRowTiles, kTokens>(call).run();
}

template <int kWidth, int kRowTiles, bool kTokens>
void start(const PagedDecodeCall& call, Stream stream) {
  using Shape = PagedDecode<kWidth, kRowTiles, kTokens>;
  launch(paged_decode_kernel<kWidth, kRowTiles, kTokens>,
         {.x = call.splits,
          .y = call.kv_heads * paged_decode_blocks(call),
          .z = call.batch,
          .threads = Shape::kThreads,
          .shared_bytes = Shape::kSharedBytes},
         stream, call);
}

int rows_of_kv_head(const PagedDecodeCall& call) {
  return call.tokens * (call.query_heads / call.kv_heads);
}

template <int kWidth>
void start(const PagedDecodeCall& call, Stream stream) {
  if (rows_of_kv_head(call) > 16) return start<kWidth, 2, true>(call, stream);
  call.tokens > 1 ? start<kWidth, 1, true>(call, stream) : start<kWidth, 1, false>(call, stream);
}

}  // namespace

void paged_decode_attention(const PagedDecodeCall& call, Stream stream) {
  if (call.query_heads % call.kv_heads != 0 || call.tokens < 1 || call.page_size % 16 != 0 ||
      (call.width != 64 && call.width != 128)) {
    throw std::invalid_argument(
        "paged decode on CUDA has widths 64 and 128, pages of 16 n keys, whole groups of heads");
  }
  call.width == 64 ? start<64>(call, stream) : start<128>(call, stream);
  if (call.splits == 1) return;
  const int rows = call.batch * call.tokens * call.query_heads;
  const JoinCall join{.values = call.scratch,
                      .log_sums = call.scratch + std::int64_t{rows} * call.splits * call.width,
                      .sinks = call.sinks,
                      .out = call.out,
                      .rows = rows,
                      .splits = call.splits,
                      .width = call.width,
                      .heads = call.query_heads};
  launch(join_kernel, {.x = (rows + kJoinWarps - 1) / kJoinWarps, .threads = 32 * kJoinWarps},
         stream, join);
}

int paged_decode_blocks(const PagedDecodeCall& call) {
  constexpr int kMostRows = 32;
  return (rows_of_kv_head(call) + kMostRows - 1) / kMostRows;
}

std::int64_t paged_decode_scratch(const PagedDecodeCall& call) {
  if (call.splits == 1) return 0;
  return std::int64_t{call.batch} * call.tokens * call.query_heads * call.splits * (call.width + 1);
}

int decode_splits(int blocks_of_one_split, int longest, int multiprocessors) {
  constexpr int kLeastKeys = 256;
  const int wanted = 2 * multiprocessors / std::max(1, blocks_of_one_split);
  return std::clamp(wanted, 1, std::max(1, longest / kLeastKeys));
}

}  // namespace pingjia::kernels::cuda

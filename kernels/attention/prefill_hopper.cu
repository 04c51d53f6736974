#include <algorithm>
#include <stdexcept>

#include "kernels/attention/prefill_cuda.h"
#include "kernels/attention/query_block.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/tensor_map.cuh"
#include "kernels/cuda/warpgroup.cuh"

namespace pingjia::kernels::cuda {
namespace {

struct HopperPrefillCall {
  TensorMap q, k, v;
  PrefillCall call;
};

/// A block computes 128 queries of one head over tiles of 128 keys, in the shape of
/// FlashAttention-3 (Shah and others, 2024): the first warp has the tiles copied, two of each
/// ahead; two warpgroups compute 64 queries each. A warpgroup asks for the scores of a tile before
/// the values of the tile before, and turns scores into weights while those values are summed; the
/// two take turns in asking, so that one's softmax runs beside the other's products.
template <int kKeyWidth, int kValueWidth>
struct HopperPrefill : QueryBlock {
  static constexpr int kQueries = 128, kKeys = 128, kThreads = 384, kStages = 2, kGroupRows = 64;
  static constexpr int kKeyBoxes = kKeyWidth / 64, kValueBoxes = kValueWidth / 64;
  static constexpr int kBoxBytes = 128 * 128;            // 128 rows of 64 columns.
  static constexpr int kKeysAt = kKeyBoxes * kBoxBytes;  // Behind the queries.
  static constexpr int kValuesAt = kKeysAt + kStages * kKeyBoxes * kBoxBytes;
  static constexpr int kBarriersAt = kValuesAt + kStages * kValueBoxes * kBoxBytes;
  static constexpr int kSharedBytes = kBarriersAt + (4 * kStages + 4) * 8;
  static constexpr int kConsumerWarps = 8;

  const HopperPrefillCall& the;
  int begin;  ///< The first tile's first key.
  int tiles;

  /// A warpgroup's own, in registers.
  struct Rows {
    float out[kValueWidth / 8][4] = {};
    float scores[kKeys / 8][4];
    std::uint32_t weights[kKeys / 16][4];
    RunningSoftmax softmax;
  };

  PINGJIA_DEVICE explicit HopperPrefill(const HopperPrefillCall& c)
      : QueryBlock(c.call, kQueries), the(c) {
    begin = first_key(first_query) / kKeys * kKeys;
    const int end = last_key(std::min(first_query + kQueries, queries) - 1) + 1;
    tiles = std::max(0, end - begin + kKeys - 1) / kKeys;
  }

  PINGJIA_DEVICE static std::byte* query_tile() { return dynamic_shared(); }
  PINGJIA_DEVICE static std::byte* key_tile(int stage) {
    return dynamic_shared() + kKeysAt + stage * kKeyBoxes * kBoxBytes;
  }
  PINGJIA_DEVICE static std::byte* value_tile(int stage) {
    return dynamic_shared() + kValuesAt + stage * kValueBoxes * kBoxBytes;
  }

  PINGJIA_DEVICE static std::uint64_t* barrier(int index) {
    return reinterpret_cast<std::uint64_t*>(dynamic_shared() + kBarriersAt) + index;
  }
  PINGJIA_DEVICE static std::uint64_t* turn(int group) { return barrier(group); }
  PINGJIA_DEVICE static std::uint64_t* queries_full() { return barrier(2); }
  PINGJIA_DEVICE static std::uint64_t* tail_full() { return barrier(3); }
  PINGJIA_DEVICE static std::uint64_t* keys_full(int stage) { return barrier(4 + stage); }
  PINGJIA_DEVICE static std::uint64_t* keys_empty(int stage) { return keys_full(kStages + stage); }
  PINGJIA_DEVICE static std::uint64_t* values_full(int stage) {
    return keys_empty(kStages + stage);
  }
  PINGJIA_DEVICE static std::uint64_t* values_empty(int stage) {
    return values_full(kStages + stage);
  }

  PINGJIA_DEVICE static void init_barriers() {
    for (int i = 0; i < 2; ++i) barrier_init(turn(i), kConsumerWarps / 2);
    barrier_init(queries_full(), 1);
    barrier_init(tail_full(), 1);
    for (int stage = 0; stage < kStages; ++stage) {
      barrier_init(keys_full(stage), 1);
      barrier_init(keys_empty(stage), kConsumerWarps);
      barrier_init(values_full(stage), 1);
      barrier_init(values_empty(stage), kConsumerWarps);
    }
    barriers_are_ready();
  }

  /// The sequence ends inside the last tile: what follows are other sequences' values, or none.
  PINGJIA_DEVICE bool has_tail() const { return begin + tiles * kKeys > keys; }

  template <int kBoxes>
  PINGJIA_DEVICE static void copy_tile(std::byte* to, const TensorMap& map, int row, int index,
                                       std::uint64_t* full) {
    arrive_expecting(full, kBoxes * kBoxBytes);
    PINGJIA_UNROLL
    for (int box = 0; box < kBoxes; ++box) {
      copy_box(to + box * kBoxBytes, map, row, (index * kBoxes + box) * 64, full);
    }
  }

  PINGJIA_DEVICE void copy_all() const {
    copy_tile<kKeyBoxes>(query_tile(), the.q, call.query_starts[sequence] + first_query, head,
                         queries_full());
    for (int tile = 0; tile < tiles; ++tile) {
      // The first turn finds every stage empty.
      const int stage = tile % kStages, parity = tile / kStages % 2 ^ 1;
      const int row = call.key_starts[sequence] + begin + tile * kKeys;
      wait_phase(keys_empty(stage), parity);
      copy_tile<kKeyBoxes>(key_tile(stage), the.k, row, kv_head(), keys_full(stage));
      wait_phase(values_empty(stage), parity);
      const bool is_tail = tile == tiles - 1 && has_tail();
      copy_tile<kValueBoxes>(value_tile(stage), the.v, row, kv_head(),
                             is_tail ? tail_full() : values_full(stage));
    }
  }

  /// Zeros for the values past the sequence's end: their weights are 0, but 0 times another
  /// sequence's NaN is NaN. By the warp, which then hands the tile on.
  PINGJIA_DEVICE void clear_tail() const {
    struct alignas(16) Chunk {
      std::uint64_t halves[2];
    };
    constexpr int kRowChunks = 128 / sizeof(Chunk);
    const int stage = (tiles - 1) % kStages, used = keys - begin - (tiles - 1) * kKeys;
    wait_phase(tail_full(), 0);
    PINGJIA_UNROLL
    for (int box = 0; box < kValueBoxes; ++box) {
      auto* chunks = reinterpret_cast<Chunk*>(value_tile(stage) + box * kBoxBytes);
      for (int i = used * kRowChunks + lane_index(); i < kKeys * kRowChunks; i += 32) {
        chunks[i] = {};
      }
    }
    writes_are_ready();
    sync_warp();
    if (lane_index() == 0) arrive(values_full(stage));
  }

  PINGJIA_DEVICE void produce() const {
    if (lane_index() == 0) copy_all();
    sync_warp();
    if (has_tail()) clear_tail();
  }

  PINGJIA_DEVICE static void ask_scores(Rows& rows, int group, int stage) {
    pin(rows.scores);
    begin_products();
    PINGJIA_UNROLL
    for (int step = 0; step < kKeyWidth / 16; ++step) {
      const int at = step / 4 * kBoxBytes;
      const std::uint64_t a = operand_at(query_tile() + at + group * kGroupRows * 128, step % 4);
      const std::uint64_t b = operand_at(key_tile(stage) + at, step % 4);
      step == 0 ? multiply_rows<false>(rows.scores, a, b) : multiply_rows<true>(rows.scores, a, b);
    }
    commit_products();
  }

  PINGJIA_DEVICE static void ask_values(Rows& rows, int tile) {
    const int stage = tile % kStages;
    wait_phase(values_full(stage), tile / kStages % 2);
    pin_operands(rows);
    begin_products();
    PINGJIA_UNROLL
    for (int step = 0; step < kKeys / 16; ++step) {
      multiply_columns(rows.out, rows.weights[step], rows_at(value_tile(stage), step, kBoxBytes));
    }
    commit_products();
  }

  PINGJIA_DEVICE static int warp_row(int group) {
    return group * kGroupRows + warp_index() % 4 * 16;
  }

  PINGJIA_DEVICE static void pin_operands(Rows& rows) {
    pin(rows.out);
    pin(rows.weights);
  }

  /// Weights of a tile, while the values of the one before are summed: except for the first, which
  /// has none before it.
  template <bool kIsFirst>
  PINGJIA_DEVICE void fold_tile(Rows& rows, int group, int tile, float scale) const {
    const int stage = tile % kStages;
    wait_phase(keys_full(stage), tile / kStages % 2);
    // The first group's first turn is free.
    wait_phase(turn(group), tile % 2 ^ group ^ 1);
    ask_scores(rows, group, stage);
    if constexpr (!kIsFirst) ask_values(rows, tile - 1);
    if (lane_index() == 0) arrive(turn(group ^ 1));
    wait_products<kIsFirst ? 0 : 1>();
    pin(rows.scores);
    if (lane_index() == 0) arrive(keys_empty(stage));
    const int first = begin + tile * kKeys;
    if (hides(group * kGroupRows, kGroupRows, first, first + kKeys - 1)) {
      mask(rows.scores, warp_row(group), first);
    }
    float shrink[2];
    rows.softmax.fold(rows.scores, scale, shrink);
    if constexpr (!kIsFirst) {
      wait_products<0>();
      pin_operands(rows);
      if (lane_index() == 0) arrive(values_empty((tile - 1) % kStages));
      shrink_rows(rows.out, shrink);
    }
    PINGJIA_UNROLL
    for (int i = 0; i < kKeys / 16; ++i) {
      pack_weights(rows.weights[i], rows.scores[2 * i], rows.scores[2 * i + 1]);
    }
  }

  PINGJIA_DEVICE void consume(int group) const {
    const float scale = call.scale * 1.44269504f;
    Rows rows;
    if (tiles > 0) {
      wait_phase(queries_full(), 0);
      fold_tile<true>(rows, group, 0, scale);
      for (int tile = 1; tile < tiles; ++tile) fold_tile<false>(rows, group, tile, scale);
      ask_values(rows, tiles - 1);
      wait_products<0>();
      pin_operands(rows);
    }
    store(rows.out, rows.softmax, warp_row(group), scale);
  }

  PINGJIA_DEVICE void run() const {
    if (first_query >= queries) return;
    if (thread_index() == 0) init_barriers();
    sync_threads();
    if (warp_index() < 4) {
      fewer_registers<40>();
      if (warp_index() == 0 && tiles > 0) produce();
    } else {
      more_registers<232>();
      consume(warp_index() / 4 - 1);
    }
  }
};

template <int kKeyWidth, int kValueWidth>
PINGJIA_KERNEL(384, 1)
prefill_hopper_kernel(PINGJIA_PARAMETER HopperPrefillCall the) {
  HopperPrefill<kKeyWidth, kValueWidth>(the).run();
}

template <int kKeyWidth, int kValueWidth>
void start(const PrefillCall& call, Stream stream) {
  using Shape = HopperPrefill<kKeyWidth, kValueWidth>;
  if (call.query_tokens == 0) return;
  // Without keys nothing is copied, but a map must be of something.
  const bool any = call.key_tokens > 0;
  const int rows = std::max(1, call.key_tokens);
  const HopperPrefillCall the{
      tensor_map(call.q, call.query_tokens, call.query_heads * kKeyWidth, Shape::kQueries),
      tensor_map(any ? call.k : call.q, rows, call.kv_heads * kKeyWidth, Shape::kKeys),
      tensor_map(any ? call.v : call.q, rows, call.kv_heads * kValueWidth, Shape::kKeys), call};
  launch(prefill_hopper_kernel<kKeyWidth, kValueWidth>,
         {.x = (call.longest_query + Shape::kQueries - 1) / Shape::kQueries,
          .y = call.query_heads,
          .z = call.batch,
          .threads = Shape::kThreads,
          .shared_bytes = Shape::kSharedBytes},
         stream, the);
}

}  // namespace

void prefill_attention_hopper(const PrefillCall& call, Stream stream) {
  if (call.key_width == 64 && call.value_width == 64) return start<64, 64>(call, stream);
  if (call.key_width == 128 && call.value_width == 128) return start<128, 128>(call, stream);
  if (call.key_width == 192 && call.value_width == 128) return start<192, 128>(call, stream);
  throw std::invalid_argument(
      "prefill attention for sm_90a has head widths 64, 128 and 192 over 128");
}

}  // namespace pingjia::kernels::cuda

#include <stdexcept>

#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/tile_product.cuh"
#include "kernels/gemm/grouped_fp8_cuda.h"
#include "kernels/gemm/grouped_place.cuh"

namespace pingjia::kernels::cuda {
namespace {

/// A block of threads computes kRows rows by 128 columns of the product, in steps of one group of
/// scales along k that arrive kStages - 1 steps ahead. Two e4m3 lie where a tile of bf16 has one
/// element, which is where mma.m16n8k32 wants them, too.
template <int kRows>
struct GroupedFp8 {
  static constexpr int kColumns = kFp8Group, kDepth = kFp8Group, kWarps = 8, kThreads = 32 * kWarps;
  static constexpr int kWarpsDown = kRows >= 64 ? 2 : 1, kWarpsAcross = kWarps / kWarpsDown;
  static constexpr int kRowTiles = kRows / kWarpsDown / 16;
  static constexpr int kColumnTiles = kColumns / kWarpsAcross / 8;
  static constexpr int kStages = kRows == 128 ? 3 : 4;
  using Slab = Tile<kDepth / 2>;
  static constexpr int kStageBytes = Slab::bytes(kRows) + Slab::bytes(kColumns);
  static constexpr int kSharedBytes = kStages * kStageBytes;
  using Sums = float[kRowTiles][kColumnTiles][4];

  const GroupedFp8Call& call;
  GroupedPlace place;

  PINGJIA_DEVICE explicit GroupedFp8(const GroupedFp8Call& c)
      : call(c),
        place(GroupedPlace::here(c.columns, kColumns, c.most_blocks, c.blocks, c.expert_of_block)) {
  }

  PINGJIA_DEVICE static Slab a_slab(int stage) { return {dynamic_shared() + stage * kStageBytes}; }
  PINGJIA_DEVICE static Slab b_slab(int stage) { return {a_slab(stage).base + Slab::bytes(kRows)}; }
  PINGJIA_DEVICE int steps() const { return (call.k + kDepth - 1) / kDepth; }
  PINGJIA_DEVICE std::int64_t first_row() const { return std::int64_t{place.row_block} * kRows; }

  PINGJIA_DEVICE void copy_step(int step) const {
    if (step < steps()) {
      const int stage = step % kStages, first = step * kDepth;
      copy_slab(a_slab(stage), kRows, first, call.a + first_row() * call.k, kRows);
      const std::int64_t column = std::int64_t{place.expert} * call.columns + place.first_column;
      copy_slab(b_slab(stage), kColumns, first, call.weights + column * call.k,
                call.columns - place.first_column);
    }
    commit_copies();
  }

  /// Zeros past k, and from row `live` on.
  PINGJIA_DEVICE void copy_slab(const Slab& slab, int rows, int first, const std::uint8_t* from,
                                int live) const {
    for (int i = thread_index(); i < rows * Slab::kChunks; i += kThreads) {
      const int row = i / Slab::kChunks, at = first + i % Slab::kChunks * 16;
      const bool valid = row < live && at < call.k;
      copy_async(slab.chunk(row, i % Slab::kChunks),
                 valid ? from + std::int64_t{row} * call.k + at : call.a, valid);
    }
  }

  /// A thread's rows of the block, as the accumulators hold them: lower and upper of each tile.
  PINGJIA_DEVICE static int row_of(int warp_row, int i) {
    return warp_row + 8 * i + lane_index() / 4;
  }

  PINGJIA_DEVICE void add_step(Sums& sums, int step, int warp_row, int warp_column) const {
    // Asked for before the products, which hide the wait.
    const int column_group = place.first_column / kColumns;
    const int column_groups = (call.columns + kColumns - 1) / kColumns;
    const float weight_scale =
        call.weight_scales[(std::int64_t{place.expert} * column_groups + column_group) * steps() +
                           step];
    float scales[2 * kRowTiles];
    PINGJIA_UNROLL
    for (int i = 0; i < 2 * kRowTiles; ++i) {
      scales[i] = call.a_scales[(first_row() + row_of(warp_row, i)) * steps() + step];
    }
    Sums part = {};
    const int stage = step % kStages;
    add_product(part, a_slab(stage), warp_row, b_slab(stage), warp_column, OfE4m3{});
    PINGJIA_UNROLL
    for (int i = 0; i < kRowTiles; ++i) {
      PINGJIA_UNROLL
      for (int j = 0; j < kColumnTiles; ++j) {
        PINGJIA_UNROLL
        for (int at = 0; at < 4; ++at) {
          sums[i][j][at] += part[i][j][at] * (scales[2 * i + at / 2] * weight_scale);
        }
      }
    }
  }

  PINGJIA_DEVICE void store(const Sums& sums, int warp_row, int warp_column) const {
    PINGJIA_UNROLL
    for (int i = 0; i < 2 * kRowTiles; ++i) {
      std::uint16_t* out = call.out + (first_row() + row_of(warp_row, i)) * call.columns;
      PINGJIA_UNROLL
      for (int j = 0; j < kColumnTiles; ++j) {
        const int column = place.first_column + warp_column + 8 * j + lane_index() % 4 * 2;
        if (column >= call.columns) continue;
        *reinterpret_cast<std::uint32_t*>(out + column) =
            pack_bf16(sums[i / 2][j][i % 2 * 2], sums[i / 2][j][i % 2 * 2 + 1]);
      }
    }
  }

  PINGJIA_DEVICE void run() const {
    if (place.expert < 0) return;
    const int warp_row = warp_index() / kWarpsAcross * 16 * kRowTiles;
    const int warp_column = warp_index() % kWarpsAcross * 8 * kColumnTiles;
    Sums sums = {};
    for (int step = 0; step < kStages - 1; ++step) copy_step(step);
    for (int step = 0; step < steps(); ++step) {
      wait_copies<kStages - 2>();
      // Behind it, too, no warp still reads the stage that is filled next.
      sync_threads();
      copy_step(step + kStages - 1);
      add_step(sums, step, warp_row, warp_column);
    }
    wait_copies<0>();
    store(sums, warp_row, warp_column);
  }
};

template <int kRows>
PINGJIA_KERNEL(256, 1)
grouped_fp8_kernel(PINGJIA_PARAMETER GroupedFp8Call call) {
  GroupedFp8<kRows>(call).run();
}

template <int kRows>
void start(const GroupedFp8Call& call, Stream stream) {
  using Shape = GroupedFp8<kRows>;
  const int across = (call.columns + Shape::kColumns - 1) / Shape::kColumns;
  launch(grouped_fp8_kernel<kRows>,
         {.x = call.most_blocks * across,
          .threads = Shape::kThreads,
          .shared_bytes = Shape::kSharedBytes},
         stream, call);
}

}  // namespace

void grouped_fp8_gemm(const GroupedFp8Call& call, Stream stream) {
  if (call.k % 16 != 0 || call.columns % 8 != 0) {
    throw std::invalid_argument(
        "grouped GEMM of fp8 reads sixteens of e4m3, writes eights of bf16");
  }
  if (call.block == 16) return start<16>(call, stream);
  if (call.block == 64) return start<64>(call, stream);
  if (call.block == 128) return start<128>(call, stream);
  throw std::invalid_argument("grouped GEMM of fp8 has blocks of 16, 64 and 128 rows");
}

}  // namespace pingjia::kernels::cuda

#include <stdexcept>

#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/tile_product.cuh"
#include "kernels/gemm/grouped_cuda.h"
#include "kernels/gemm/grouped_place.cuh"

namespace pingjia::kernels::cuda {
namespace {

/// A block of threads computes kRows rows by 128 columns of the product, in steps of 64 along k
/// that arrive kStages - 1 steps ahead. With SwiGLU the 128 columns are 64 of gate and 64 of up,
/// eight of each in turn, so that a thread holds both halves of what it multiplies.
template <int kRows, bool kSwiGlu>
struct GroupedGemm {
  static constexpr int kColumns = 128, kDepth = 64, kWarps = 8, kThreads = 32 * kWarps;
  static constexpr int kOutColumns = kSwiGlu ? kColumns / 2 : kColumns;
  static constexpr int kWarpsDown = kRows >= 64 ? 2 : 1, kWarpsAcross = kWarps / kWarpsDown;
  static constexpr int kRowTiles = kRows / kWarpsDown / 16;
  static constexpr int kColumnTiles = kColumns / kWarpsAcross / 8;
  static constexpr int kStages = kRows == 128 ? 3 : 4;
  using Slab = Tile<kDepth>;
  static constexpr int kStageBytes = Slab::bytes(kRows) + Slab::bytes(kColumns);
  static constexpr int kSharedBytes = kStages * kStageBytes;

  const GroupedGemmCall& call;
  GroupedPlace place;

  PINGJIA_DEVICE explicit GroupedGemm(const GroupedGemmCall& c)
      : call(c),
        place(GroupedPlace::here(c.columns, kOutColumns, c.most_blocks, c.blocks,
                                 c.expert_of_block)) {}

  PINGJIA_DEVICE static Slab a_slab(int stage) { return {dynamic_shared() + stage * kStageBytes}; }
  PINGJIA_DEVICE static Slab b_slab(int stage) { return {a_slab(stage).base + Slab::bytes(kRows)}; }

  /// The weights' row that stands in row i of the tile.
  PINGJIA_DEVICE const Bf16Bits* weight_row(int i) const {
    const int column = place.first_column + (kSwiGlu ? i / 16 * 8 + i % 8 : i);
    if (column >= call.columns) return nullptr;
    const int row = kSwiGlu && i / 8 % 2 == 1 ? call.columns + column : column;
    const int rows = kSwiGlu ? 2 * call.columns : call.columns;
    return call.weights + (std::int64_t{place.expert} * rows + row) * call.k;
  }

  PINGJIA_DEVICE void copy_step(int step, int steps) const {
    if (step < steps) {
      const int stage = step % kStages, first = step * kDepth;
      copy_slab(a_slab(stage), kRows, first, [&](int row) {
        return call.a + (std::int64_t{place.row_block} * kRows + row) * call.k;
      });
      copy_slab(b_slab(stage), kColumns, first, [&](int row) { return weight_row(row); });
    }
    commit_copies();
  }

  /// Zeros past k, and for rows there are not.
  template <class Source>
  PINGJIA_DEVICE void copy_slab(const Slab& slab, int rows, int first, Source source) const {
    for (int i = thread_index(); i < rows * Slab::kChunks; i += kThreads) {
      const int row = i / Slab::kChunks, at = first + i % Slab::kChunks * 8;
      const Bf16Bits* from = source(row);
      const bool valid = from != nullptr && at < call.k;
      copy_async(slab.chunk(row, i % Slab::kChunks), valid ? from + at : call.a, valid);
    }
  }

  PINGJIA_DEVICE void store_pair(int row, int column, float left, float right) const {
    if (column >= call.columns) return;
    const std::int64_t at = (std::int64_t{place.row_block} * kRows + row) * call.columns + column;
    *reinterpret_cast<std::uint32_t*>(call.out + at) = pack_bf16(left, right);
  }

  PINGJIA_DEVICE void store(const float (&sums)[kRowTiles][kColumnTiles][4], int warp_row,
                            int warp_column) const {
    constexpr int kEach = kSwiGlu ? 2 : 1;
    PINGJIA_UNROLL
    for (int i = 0; i < 2 * kRowTiles; ++i) {
      const int row = warp_row + 8 * i + lane_index() / 4;
      PINGJIA_UNROLL
      for (int j = 0; j < kColumnTiles; j += kEach) {
        const int column =
            place.first_column + warp_column / kEach + 8 * (j / kEach) + lane_index() % 4 * 2;
        float left = sums[i / 2][j][i % 2 * 2], right = sums[i / 2][j][i % 2 * 2 + 1];
        if constexpr (kSwiGlu) {
          left = silu(left) * sums[i / 2][j + 1][i % 2 * 2];
          right = silu(right) * sums[i / 2][j + 1][i % 2 * 2 + 1];
        }
        store_pair(row, column, left, right);
      }
    }
  }

  PINGJIA_DEVICE void run() const {
    if (place.expert < 0) return;
    const int steps = (call.k + kDepth - 1) / kDepth;
    const int warp_row = warp_index() / kWarpsAcross * 16 * kRowTiles;
    const int warp_column = warp_index() % kWarpsAcross * 8 * kColumnTiles;
    float sums[kRowTiles][kColumnTiles][4] = {};
    for (int step = 0; step < kStages - 1; ++step) copy_step(step, steps);
    for (int step = 0; step < steps; ++step) {
      wait_copies<kStages - 2>();
      // Behind it, too, no warp still reads the stage that is filled next.
      sync_threads();
      copy_step(step + kStages - 1, steps);
      const int stage = step % kStages;
      add_product(sums, a_slab(stage), warp_row, b_slab(stage), warp_column);
    }
    wait_copies<0>();
    store(sums, warp_row, warp_column);
  }
};

template <int kRows, bool kSwiGlu>
PINGJIA_KERNEL(256, 1)
grouped_gemm_kernel(PINGJIA_PARAMETER GroupedGemmCall call) {
  GroupedGemm<kRows, kSwiGlu>(call).run();
}

template <int kRows, bool kSwiGlu>
void start(const GroupedGemmCall& call, Stream stream) {
  using Shape = GroupedGemm<kRows, kSwiGlu>;
  const int across = (call.columns + Shape::kOutColumns - 1) / Shape::kOutColumns;
  launch(grouped_gemm_kernel<kRows, kSwiGlu>,
         {.x = call.most_blocks * across,
          .threads = Shape::kThreads,
          .shared_bytes = Shape::kSharedBytes},
         stream, call);
}

template <int kRows>
void start(const GroupedGemmCall& call, Stream stream) {
  call.swiglu ? start<kRows, true>(call, stream) : start<kRows, false>(call, stream);
}

}  // namespace

void grouped_gemm(const GroupedGemmCall& call, Stream stream) {
  if (call.k % 8 != 0 || call.columns % 8 != 0) {
    throw std::invalid_argument("grouped GEMM on CUDA reads and writes eights of bf16");
  }
  if (call.block == 16) return start<16>(call, stream);
  if (call.block == 64) return start<64>(call, stream);
  if (call.block == 128) return start<128>(call, stream);
  throw std::invalid_argument("grouped GEMM on CUDA has blocks of 16, 64 and 128 rows");
}

}  // namespace pingjia::kernels::cuda

#include <algorithm>
#include <stdexcept>

#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/tile.cuh"
#include "kernels/gemm/split_sums_cuda.h"
#include "kernels/gemm/unpack.cuh"
#include "kernels/gemm/weight_only_cuda.h"

namespace pingjia::kernels::cuda {
namespace {

using Layout = WeightOnlyLayout;

/// A block of threads computes a panel of 128 columns over some groups of 128 along k, which arrive
/// kStages - 1 groups ahead: most of its time it waits for them. Weights are the 16 rows of a
/// product and the 8 kRowTiles tokens its columns, so that few tokens waste little of it. Each warp
/// has a tile of 16 columns.
template <int kBits, int kRowTiles>
struct WeightOnlyGemm {
  static constexpr int kWarps = Layout::kColumns / Layout::kTileColumns, kThreads = 32 * kWarps;
  static constexpr int kRows = 8 * kRowTiles, kSteps = Layout::kGroup / Layout::kStep;
  static constexpr int kChunks = Layout::chunks(kBits);
  // As many bytes of weights are on their way with 4 bits as with 8, about.
  static constexpr int kStages = kBits == 4 ? 6 : 4;
  using Tokens = Tile<Layout::kGroup>;
  static constexpr int kTokenBytes = Tokens::bytes(kRows);
  static constexpr int kBlockBytes = Layout::block_bytes(kBits);
  static constexpr int kIntegerBytes = Layout::integer_bytes(kBits);
  static constexpr int kStageBytes = kTokenBytes + kBlockBytes;
  static constexpr int kSharedBytes = kStages * kStageBytes;
  using Sums = float[kRowTiles][4];

  struct alignas(16) Chunk {
    std::uint32_t words[4];
  };

  const WeightOnlyCall& call;
  int panel, split, groups, begin, end;  ///< Groups of this split.

  PINGJIA_DEVICE explicit WeightOnlyGemm(const WeightOnlyCall& c)
      : call(c), panel(block_x()), split(block_y()), groups(Layout::groups(c.k)) {
    const int each = (groups + c.splits - 1) / c.splits;
    begin = std::min(groups, split * each);
    end = std::min(groups, begin + each);
  }

  PINGJIA_DEVICE static Tokens tokens(int stage) {
    return {dynamic_shared() + stage * kStageBytes};
  }
  PINGJIA_DEVICE static std::byte* weights(int stage) { return tokens(stage).base + kTokenBytes; }

  PINGJIA_DEVICE void copy_group(int group) const {
    if (group < end) {
      const int stage = (group - begin) % kStages;
      const auto* from = static_cast<const std::byte*>(call.weights) +
                         (std::int64_t{panel} * groups + group) * kBlockBytes;
      for (int i = thread_index(); i < kBlockBytes / 16; i += kThreads) {
        copy_async(weights(stage) + 16 * i, from + 16 * i, true);
      }
      copy_tokens(stage, group);
    }
    commit_copies();
  }
  /// Zeros past k, and for rows there are not.
  PINGJIA_DEVICE void copy_tokens(int stage, int group) const {
    for (int i = thread_index(); i < kRows * Tokens::kChunks; i += kThreads) {
      const int row = i / Tokens::kChunks, index = i % Tokens::kChunks;
      const int at = group * Layout::kGroup + 8 * index;
      const bool valid = row < call.rows && at < call.k;
      copy_async(tokens(stage).chunk(row, index),
                 valid ? call.a + std::int64_t{row} * call.k + at : call.a, valid);
    }
  }

  PINGJIA_DEVICE static void unpack(std::uint32_t (&a)[4], const Chunk (&chunks)[kChunks],
                                    int step) {
    const Chunk& chunk = chunks[step * kChunks / kSteps];
    if constexpr (kBits == 4) {
      unpack_nibbles(a, chunk.words[step % 4]);
    } else {
      unpack_bytes(a[0], a[1], chunk.words[step % 2 * 2]);
      unpack_bytes(a[2], a[3], chunk.words[step % 2 * 2 + 1]);
    }
  }

  /// sums[i % 2] += step i: two chains of products that need not wait for each other.
  PINGJIA_DEVICE static void multiply_group(Sums (&sums)[2], int stage) {
    Chunk chunks[kChunks];
    PINGJIA_UNROLL
    for (int i = 0; i < kChunks; ++i) {
      const int at = (warp_index() * kChunks + i) * 32 + lane_index();
      chunks[i] = *reinterpret_cast<const Chunk*>(weights(stage) + 16 * at);
    }
    PINGJIA_UNROLL
    for (int step = 0; step < kSteps; step += 2) {
      std::uint32_t a[2][4];
      unpack(a[0], chunks, step);
      unpack(a[1], chunks, step + 1);
      PINGJIA_UNROLL
      for (int i = 0; i < kRowTiles; ++i) {
        std::uint32_t b[4];
        tokens(stage).load_b_deep(b, 8 * i, step);
        multiply(sums[0][i], a[0], b[0], b[1]);
        multiply(sums[1][i], a[1], b[2], b[3]);
      }
    }
  }

  PINGJIA_DEVICE static void add_group(Sums& totals, int stage) {
    Sums sums[2] = {};
    multiply_group(sums, stage);
    const auto* scales = reinterpret_cast<const Bf16Bits*>(weights(stage) + kIntegerBytes) +
                         Layout::kTileColumns * warp_index() + lane_index() / 4;
    const float scale[2] = {widen(scales[0]), widen(scales[8])};
    PINGJIA_UNROLL
    for (int i = 0; i < 4 * kRowTiles; ++i) {
      totals[i / 4][i % 4] += scale[i % 4 / 2] * (sums[0][i / 4][i % 4] + sums[1][i / 4][i % 4]);
    }
  }

  PINGJIA_DEVICE void store(const Sums& totals) const {
    PINGJIA_UNROLL
    for (int i = 0; i < 4 * kRowTiles; ++i) {
      const int row = i / 4 * 8 + lane_index() % 4 * 2 + i % 2;
      const int column = panel * Layout::kColumns + Layout::kTileColumns * warp_index() +
                         lane_index() / 4 + i % 4 / 2 * 8;
      if (row >= call.rows || column >= call.columns) continue;
      const std::int64_t at = std::int64_t{row} * call.columns + column;
      if (call.splits == 1) {
        call.out[at] = static_cast<Bf16Bits>(pack_bf16(totals[i / 4][i % 4], 0));
      } else {
        call.scratch[std::int64_t{split} * call.rows * call.columns + at] = totals[i / 4][i % 4];
      }
    }
  }

  PINGJIA_DEVICE void run() const {
    Sums totals = {};
    for (int i = 0; i < kStages - 1; ++i) copy_group(begin + i);
    for (int group = begin; group < end; ++group) {
      wait_copies<kStages - 2>();
      // Behind it, too, no warp still reads the stage that is filled next.
      sync_threads();
      copy_group(group + kStages - 1);
      add_group(totals, (group - begin) % kStages);
    }
    wait_copies<0>();
    store(totals);
  }
};

template <int kBits, int kRowTiles>
PINGJIA_KERNEL(256, 2)
weight_only_kernel(PINGJIA_PARAMETER WeightOnlyCall call) {
  WeightOnlyGemm<kBits, kRowTiles>(call).run();
}

template <int kBits, int kRowTiles>
void start(const WeightOnlyCall& call, Stream stream) {
  using Shape = WeightOnlyGemm<kBits, kRowTiles>;
  launch(weight_only_kernel<kBits, kRowTiles>,
         {.x = Layout::panels(call.columns),
          .y = call.splits,
          .threads = Shape::kThreads,
          .shared_bytes = Shape::kSharedBytes},
         stream, call);
}

template <int kBits>
void start(const WeightOnlyCall& call, Stream stream) {
  call.rows <= 8 ? start<kBits, 1>(call, stream) : start<kBits, 2>(call, stream);
}

}  // namespace

void weight_only_gemm(const WeightOnlyCall& call, Stream stream) {
  if ((call.bits != 8 && call.bits != 4) || call.rows < 1 || call.rows > 16 || call.k % 8 != 0) {
    throw std::invalid_argument(
        "weight-only GEMM on CUDA has 8 and 4 bits, 1 to 16 rows, and k in eights");
  }
  call.bits == 8 ? start<8>(call, stream) : start<4>(call, stream);
  if (call.splits == 1) return;
  add_splits({.sums = call.scratch,
              .out = call.out,
              .count = std::int64_t{call.rows} * call.columns,
              .splits = call.splits},
             stream);
}

std::int64_t weight_only_scratch(const WeightOnlyCall& call) {
  return split_sums_floats(call.splits, std::int64_t{call.rows} * call.columns);
}

int weight_only_splits(int columns, int k, int multiprocessors) {
  constexpr int kLeastGroups = 4;
  const int wanted = 2 * multiprocessors / std::max(1, Layout::panels(columns));
  return std::clamp(wanted, 1, std::max(1, Layout::groups(k) / kLeastGroups));
}

}  // namespace pingjia::kernels::cuda

#include <algorithm>
#include <stdexcept>

#include "kernels/cuda/bf16.cuh"
#include "kernels/cuda/grid.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/mma.cuh"
#include "kernels/gemm/skinny_cuda.h"
#include "kernels/gemm/split_sums_cuda.h"

namespace pingjia::kernels::cuda {
namespace {

/// Numbers of k that one quad of lanes reads of a row at once, eight each.
constexpr int kSlab = 32;
/// Slabs of all rows that a warp asks for before it multiplies the first: what must be on its way
/// for the memory's full speed.
constexpr int kDepth = 4;

/// A block computes 16 kBands columns for 8 kGroups tokens over one split of k. The weights are A,
/// the tokens B: a product's 16 rows are columns of the layer, and none is wasted on few tokens.
/// Its eight warps share the split; each goes from global memory to registers without a stop, since
/// no weight is used twice. Which of a slab's numbers meet in which place of a product is the same
/// for both operands, and so any order will do: lane t of a quad takes eight neighbours.
template <int kBands, int kGroups>
struct SkinnyGemm {
  static constexpr int kWarps = 8, kThreads = 32 * kWarps;
  static constexpr int kColumns = 16 * kBands, kTokens = 8 * kGroups;
  static constexpr int kSums = kColumns * kTokens;  ///< Of one warp, [token][column].
  static constexpr int kSharedBytes = kWarps * kSums * 4;

  const SkinnyGemmCall& call;
  int first_column, split;
  int begin, end;  ///< Of this warp's k.
  float sums[kBands][kGroups][4] = {};

  PINGJIA_DEVICE explicit SkinnyGemm(const SkinnyGemmCall& c)
      : call(c), first_column(block_x() * kColumns), split(block_y()) {
    const int slabs = (c.k + kSlab - 1) / kSlab, parts = c.splits * kWarps;
    const int each = (slabs + parts - 1) / parts, part = split * kWarps + warp_index();
    begin = std::min(c.k, part * each * kSlab);
    end = std::min(c.k, (part + 1) * each * kSlab);
  }

  PINGJIA_DEVICE static Eight load(const Bf16Bits* row, int at, bool valid) {
    return valid ? *reinterpret_cast<const Eight*>(row + at) : Eight{};
  }

  struct Slab {
    Eight weights[kBands][2], tokens[kGroups];
  };

  /// Zeros past the split's end, and for columns and tokens there are not.
  PINGJIA_DEVICE void load_slab(Slab& slab, int first) const {
    const int at = first + lane_index() % 4 * 8, line = lane_index() / 4;
    PINGJIA_UNROLL
    for (int i = 0; i < 2 * kBands; ++i) {
      const int column = first_column + 8 * i + line;
      slab.weights[i / 2][i % 2] =
          load(call.weights + std::int64_t{column} * call.k, at, at < end && column < call.columns);
    }
    PINGJIA_UNROLL
    for (int group = 0; group < kGroups; ++group) {
      const int token = 8 * group + line;
      slab.tokens[group] =
          load(call.a + std::int64_t{token} * call.k, at, at < end && token < call.rows);
    }
  }

  PINGJIA_DEVICE void add_slab(const Slab& slab) {
    PINGJIA_UNROLL
    for (int step = 0; step < 4; step += 2) {
      PINGJIA_UNROLL
      for (int band = 0; band < kBands; ++band) {
        const Eight &low = slab.weights[band][0], &high = slab.weights[band][1];
        const std::uint32_t a[4] = {low.pairs[step], high.pairs[step], low.pairs[step + 1],
                                    high.pairs[step + 1]};
        PINGJIA_UNROLL
        for (int group = 0; group < kGroups; ++group) {
          multiply(sums[band][group], a, slab.tokens[group].pairs[step],
                   slab.tokens[group].pairs[step + 1]);
        }
      }
    }
  }

  PINGJIA_DEVICE void hand_over() const {
    float* to = reinterpret_cast<float*>(dynamic_shared()) + warp_index() * kSums;
    PINGJIA_UNROLL
    for (int band = 0; band < kBands; ++band) {
      PINGJIA_UNROLL
      for (int i = 0; i < 4 * kGroups; ++i) {
        const int token = 8 * (i / 4) + lane_index() % 4 * 2 + i % 2;
        const int column = 16 * band + lane_index() / 4 + i / 2 % 2 * 8;
        to[token * kColumns + column] = sums[band][i / 4][i % 4];
      }
    }
  }

  PINGJIA_DEVICE void join() const {
    const auto* handed = reinterpret_cast<const float*>(dynamic_shared());
    for (int i = thread_index(); i < kSums; i += kThreads) {
      const int token = i / kColumns, column = first_column + i % kColumns;
      if (token >= call.rows || column >= call.columns) continue;
      float sum = 0;
      for (int warp = 0; warp < kWarps; ++warp) sum += handed[warp * kSums + i];
      const std::int64_t at = std::int64_t{token} * call.columns + column;
      if (call.splits == 1) {
        finish(at, sum);
      } else {
        call.scratch[std::int64_t{split} * call.rows * call.columns + at] = sum;
      }
    }
  }

  PINGJIA_DEVICE void finish(std::int64_t at, float sum) const {
    if (call.added != nullptr) sum += widen(call.added[at]);
    call.out[at] = static_cast<Bf16Bits>(pack_bf16(sum, 0));
  }

  PINGJIA_DEVICE void run() {
    for (int first = begin; first < end; first += kDepth * kSlab) {
      Slab slabs[kDepth];
      PINGJIA_UNROLL
      for (int i = 0; i < kDepth; ++i) load_slab(slabs[i], first + i * kSlab);
      PINGJIA_UNROLL
      for (int i = 0; i < kDepth; ++i) add_slab(slabs[i]);
    }
    hand_over();
    sync_threads();
    join();
  }
};

// Few tokens: narrow blocks, of which there are more. Many: wide ones, so that fewer read them.
using Narrow = SkinnyGemm<1, 1>;
using Wide = SkinnyGemm<2, 2>;

template <class Shape>
PINGJIA_KERNEL(Shape::kThreads, 1)
skinny_gemm_kernel(PINGJIA_PARAMETER SkinnyGemmCall call) {
  Shape(call).run();
}

int tiles(int rows, int columns) {
  const int width = rows <= Narrow::kTokens ? Narrow::kColumns : Wide::kColumns;
  return (columns + width - 1) / width;
}

template <class Shape>
void start(const SkinnyGemmCall& call, Stream stream) {
  launch(skinny_gemm_kernel<Shape>,
         {.x = tiles(call.rows, call.columns),
          .y = call.splits,
          .threads = Shape::kThreads,
          .shared_bytes = Shape::kSharedBytes},
         stream, call);
}

}  // namespace

void skinny_gemm(const SkinnyGemmCall& call, Stream stream) {
  if (call.rows > Wide::kTokens || call.k % 8 != 0) {
    throw std::invalid_argument("the skinny product on CUDA has up to 16 rows and k of 8 n");
  }
  call.rows <= Narrow::kTokens ? start<Narrow>(call, stream) : start<Wide>(call, stream);
  if (call.splits == 1) return;
  add_splits({.sums = call.scratch,
              .added = call.added,
              .out = call.out,
              .count = std::int64_t{call.rows} * call.columns,
              .splits = call.splits},
             stream);
}

std::int64_t skinny_gemm_scratch(const SkinnyGemmCall& call) {
  return split_sums_floats(call.splits, std::int64_t{call.rows} * call.columns);
}

int skinny_gemm_splits(int rows, int columns, int k, int multiprocessors) {
  constexpr int kLeast = 1024;
  const int wanted = multiprocessors / std::max(1, tiles(rows, columns));
  return std::clamp(wanted, 1, std::max(1, k / kLeast));
}

}  // namespace pingjia::kernels::cuda

#include <stdexcept>

#include "kernels/cuda/bf16.cuh"
#include "kernels/cuda/grid.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/tensor_map.cuh"
#include "kernels/cuda/warp.cuh"
#include "kernels/gemm/grouped_cuda.h"
#include "kernels/gemm/grouped_place.cuh"

namespace pingjia::kernels::cuda {
namespace {

struct HopperCall {
  TensorMap a, weights;
  GroupedGemmCall call;
};

/// 128 rows by 256 columns of the product: the first warpgroup's first thread has the tiles copied,
/// four steps of 64 along k ahead; the two others multiply 64 rows each. With SwiGLU the columns
/// are 128 of gate and 128 of up.
template <bool kSwiGlu>
struct GroupedHopper {
  static constexpr int kRows = 128, kColumns = 256, kDepth = 64, kThreads = 384, kStages = 4;
  static constexpr int kOutColumns = kSwiGlu ? kColumns / 2 : kColumns;
  static constexpr int kBoxRows = 128;  // Of a and of weights.
  static constexpr int kABytes = kRows * kDepth * 2, kBBytes = kColumns * kDepth * 2;
  static constexpr int kBarriersAt = kStages * (kABytes + kBBytes);
  static constexpr int kSharedBytes = kBarriersAt + 2 * kStages * 8;

  const HopperCall& the;
  GroupedPlace place;

  PINGJIA_DEVICE explicit GroupedHopper(const HopperCall& c)
      : the(c),
        place(GroupedPlace::here(c.call.columns, kOutColumns, c.call.most_blocks, c.call.blocks,
                                 c.call.expert_of_block)) {}

  PINGJIA_DEVICE static std::byte* a_tile(int stage) { return dynamic_shared() + stage * kABytes; }
  PINGJIA_DEVICE static std::byte* b_tile(int stage) {
    return dynamic_shared() + kStages * kABytes + stage * kBBytes;
  }
  PINGJIA_DEVICE static std::uint64_t* full(int stage) {
    return reinterpret_cast<std::uint64_t*>(dynamic_shared() + kBarriersAt) + stage;
  }
  PINGJIA_DEVICE static std::uint64_t* empty(int stage) { return full(kStages + stage); }
  PINGJIA_DEVICE int steps() const { return (the.call.k + kDepth - 1) / kDepth; }

  PINGJIA_DEVICE void produce() const {
    const int weight_rows = kSwiGlu ? 2 * the.call.columns : the.call.columns;
    const int first = place.expert * weight_rows + place.first_column;
    const int second = first + (kSwiGlu ? the.call.columns : kBoxRows);
    for (int step = 0; step < steps(); ++step) {
      const int stage = step % kStages;
      // The first turn finds every stage empty.
      wait_phase(empty(stage), step / kStages % 2 ^ 1);
      arrive_expecting(full(stage), kABytes + kBBytes);
      copy_box(a_tile(stage), the.a, place.row_block * kRows, step * kDepth, full(stage));
      copy_box(b_tile(stage), the.weights, first, step * kDepth, full(stage));
      copy_box(b_tile(stage) + kBBytes / 2, the.weights, second, step * kDepth, full(stage));
    }
  }

  PINGJIA_DEVICE void consume(float (&sums)[128], int half) const {
    for (int step = 0; step < steps(); ++step) {
      const int stage = step % kStages;
      wait_phase(full(stage), step / kStages % 2);
      begin_products();
      PINGJIA_UNROLL
      for (int i = 0; i < kDepth / 16; ++i) {
        multiply_group(sums, operand_at(a_tile(stage) + half * kABytes / 2, i),
                       operand_at(b_tile(stage), i));
      }
      commit_products();
      // The step before has been read by now.
      wait_products<1>();
      if (step > 0 && lane_index() == 0) arrive(empty((step - 1) % kStages));
    }
    wait_products<0>();
  }

  PINGJIA_DEVICE void store(const float (&sums)[128], int half) const {
    PINGJIA_UNROLL
    for (int i = 0; i < kOutColumns / 8; ++i) {
      const int column = place.first_column + 8 * i + lane_index() % 4 * 2;
      if (column >= the.call.columns) continue;
      PINGJIA_UNROLL
      for (int j = 0; j < 2; ++j) {
        const int row = 64 * half + warp_index() % 4 * 16 + lane_index() / 4 + 8 * j;
        float left = sums[4 * i + 2 * j], right = sums[4 * i + 2 * j + 1];
        if constexpr (kSwiGlu) {
          left = silu(left) * sums[64 + 4 * i + 2 * j];
          right = silu(right) * sums[64 + 4 * i + 2 * j + 1];
        }
        const std::int64_t at =
            (std::int64_t{place.row_block} * kRows + row) * the.call.columns + column;
        *reinterpret_cast<std::uint32_t*>(the.call.out + at) = pack_bf16(left, right);
      }
    }
  }

  PINGJIA_DEVICE void run() const {
    if (place.expert < 0) return;
    if (thread_index() == 0) {
      for (int stage = 0; stage < kStages; ++stage) {
        barrier_init(full(stage), 1);
        barrier_init(empty(stage), 8);  // Each consumer warp says when it has read.
      }
      barriers_are_ready();
    }
    sync_threads();
    if (warp_index() < 4) {
      fewer_registers<40>();
      if (thread_index() == 0) produce();
    } else {
      more_registers<232>();
      float sums[128] = {};
      const int half = warp_index() / 4 - 1;
      consume(sums, half);
      store(sums, half);
    }
  }
};

template <bool kSwiGlu>
PINGJIA_KERNEL(384, 1)
grouped_hopper_kernel(PINGJIA_PARAMETER HopperCall the) {
  GroupedHopper<kSwiGlu>(the).run();
}

template <bool kSwiGlu>
void start(const GroupedGemmCall& call, int experts, Stream stream) {
  using Shape = GroupedHopper<kSwiGlu>;
  const int across = (call.columns + Shape::kOutColumns - 1) / Shape::kOutColumns;
  const std::int64_t rows = std::int64_t{call.most_blocks} * Shape::kRows;
  const std::int64_t weight_rows = std::int64_t{experts} * call.columns * (kSwiGlu ? 2 : 1);
  const HopperCall the{tensor_map(call.a, rows, call.k, Shape::kBoxRows),
                       tensor_map(call.weights, weight_rows, call.k, Shape::kBoxRows), call};
  launch(grouped_hopper_kernel<kSwiGlu>,
         {.x = call.most_blocks * across,
          .threads = Shape::kThreads,
          .shared_bytes = Shape::kSharedBytes},
         stream, the);
}

}  // namespace

void grouped_gemm_hopper(const GroupedGemmCall& call, int experts, Stream stream) {
  if (call.block != 128 || call.k % 8 != 0 || call.columns % 8 != 0) {
    throw std::invalid_argument(
        "grouped GEMM for sm_90a has blocks of 128 rows, and eights of bf16");
  }
  if (call.most_blocks == 0) return;
  call.swiglu ? start<true>(call, experts, stream) : start<false>(call, experts, stream);
}

}  // namespace pingjia::kernels::cuda

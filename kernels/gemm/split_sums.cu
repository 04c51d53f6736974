#include "kernels/cuda/bf16.cuh"
#include "kernels/cuda/grid.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/gemm/split_sums_cuda.h"

namespace pingjia::kernels::cuda {
namespace {

constexpr int kThreads = 256;

PINGJIA_KERNEL(kThreads, 1) add_splits_kernel(PINGJIA_PARAMETER SplitSumsCall call) {
  const std::int64_t at = std::int64_t{block_x()} * kThreads + thread_index();
  if (at >= call.count) return;
  float sum = 0;
  for (int split = 0; split < call.splits; ++split) sum += call.sums[split * call.count + at];
  if (call.added != nullptr) sum += widen(call.added[at]);
  call.out[at] = static_cast<Bf16Bits>(pack_bf16(sum, 0));
}

}  // namespace

void add_splits(const SplitSumsCall& call, Stream stream) {
  if (call.count == 0) return;
  const auto blocks = static_cast<int>((call.count + kThreads - 1) / kThreads);
  launch(add_splits_kernel, {.x = blocks, .threads = kThreads}, stream, call);
}

}  // namespace pingjia::kernels::cuda

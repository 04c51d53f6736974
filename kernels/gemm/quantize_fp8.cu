#include <stdexcept>

#include "kernels/cuda/bf16.cuh"
#include "kernels/cuda/fp8.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/warp.cuh"
#include "kernels/gemm/grouped_fp8_cuda.h"

namespace pingjia::kernels::cuda {
namespace {

constexpr int kWarps = 8;

/// A warp for each group: a lane holds four of its values.
struct QuantizeFp8 {
  const QuantizeFp8Call& call;

  PINGJIA_DEVICE void run() const {
    const int groups = (call.k + kFp8Group - 1) / kFp8Group;
    const std::int64_t group = std::int64_t{block_x()} * kWarps + warp_index();
    if (group >= std::int64_t{call.rows} * groups) return;
    const std::int64_t row = group / groups;
    const int first = static_cast<int>(group % groups) * kFp8Group + 4 * lane_index();
    const bool live = first < call.k;
    float values[4] = {};
    float most = 0;
    PINGJIA_UNROLL
    for (int i = 0; i < 4; ++i) {
      if (live) values[i] = widen(call.in[row * call.k + first + i]);
      most = fmaxf(most, fabsf(values[i]));
    }
    most = warp_max(most);
    const float inverse = inverse_scale(most);
    std::uint32_t packed = 0;
    PINGJIA_UNROLL
    for (int i = 0; i < 4; ++i) {
      packed |= static_cast<std::uint32_t>(to_e4m3(values[i] * inverse)) << 8 * i;
    }
    if (live) *reinterpret_cast<std::uint32_t*>(call.out + row * call.k + first) = packed;
    if (lane_index() == 0) call.scales[group] = most / kMostE4m3;
  }
};

PINGJIA_KERNEL(256, 1)
quantize_fp8_kernel(PINGJIA_PARAMETER QuantizeFp8Call call) {
  QuantizeFp8{call}.run();
}

}  // namespace

void quantize_fp8(const QuantizeFp8Call& call, Stream stream) {
  if (call.k % 8 != 0) throw std::invalid_argument("quantizing to fp8 reads eights of bf16");
  const std::int64_t groups = std::int64_t{call.rows} * ((call.k + kFp8Group - 1) / kFp8Group);
  if (groups == 0) return;
  launch(quantize_fp8_kernel,
         {.x = static_cast<int>((groups + kWarps - 1) / kWarps), .threads = 32 * kWarps}, stream,
         call);
}

}  // namespace pingjia::kernels::cuda

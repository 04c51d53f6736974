#include <algorithm>
#include <stdexcept>

#include "kernels/cuda/bf16.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/warp.cuh"
#include "kernels/layer/rows_cuda.h"

namespace pingjia::kernels::cuda {
namespace {

constexpr int kThreads = 256;

PINGJIA_DEVICE Eight eight_at(const Bf16Bits* from, std::int64_t index) {
  return reinterpret_cast<const Eight*>(from)[index];
}
PINGJIA_DEVICE void put_eight(Bf16Bits* to, std::int64_t index, const float (&values)[8]) {
  reinterpret_cast<Eight*>(to)[index] = pack_eight(values);
}

/// Over the block; every thread gets the result.
PINGJIA_DEVICE float block_sum(float value) {
  auto* sums = reinterpret_cast<float*>(dynamic_shared());
  value = warp_sum(value);
  if (lane_index() == 0) sums[warp_index()] = value;
  sync_threads();
  float total = 0;
  for (int warp = 0; warp < kThreads / 32; ++warp) total += sums[warp];
  return total;
}

/// A row in one block, whose threads hold it between the sum of squares and the product: kEach
/// times eight numbers each.
template <int kEach>
struct RmsNorm {
  const RmsNormCall& call;
  Eight held[kEach];

  PINGJIA_DEVICE std::int64_t row() const { return std::int64_t{block_x()} * (call.width / 8); }
  PINGJIA_DEVICE int place(int i) const { return i * kThreads + thread_index(); }
  PINGJIA_DEVICE bool is_there(int i) const { return place(i) < call.width / 8; }

  PINGJIA_DEVICE void add(int i) {
    float x[8], added[8];
    widen(held[i], x), widen(eight_at(call.added, row() + place(i)), added);
    PINGJIA_UNROLL
    for (int j = 0; j < 8; ++j) x[j] += added[j];
    held[i] = pack_eight(x);
    reinterpret_cast<Eight*>(call.sum)[row() + place(i)] = held[i];
  }

  /// Loads come before the first use, so that they are all on their way at once.
  PINGJIA_DEVICE float squares() {
    PINGJIA_UNROLL
    for (int i = 0; i < kEach; ++i) {
      held[i] = is_there(i) ? eight_at(call.x, row() + place(i)) : Eight{};
    }
    float sum = 0;
    PINGJIA_UNROLL
    for (int i = 0; i < kEach; ++i) {
      if (call.added != nullptr && is_there(i)) add(i);
      float x[8];
      widen(held[i], x);
      PINGJIA_UNROLL
      for (int j = 0; j < 8; ++j) sum += x[j] * x[j];
    }
    return sum;
  }

  PINGJIA_DEVICE void run() {
    const float mean = block_sum(squares()) / static_cast<float>(call.width);
    const float factor = 1 / sqrtf(mean + call.epsilon);
    PINGJIA_UNROLL
    for (int i = 0; i < kEach; ++i) {
      if (!is_there(i)) continue;
      float x[8], gain[8];
      widen(held[i], x), widen(eight_at(call.gain, place(i)), gain);
      PINGJIA_UNROLL
      for (int j = 0; j < 8; ++j) x[j] *= factor * gain[j];
      put_eight(call.out, row() + place(i), x);
    }
  }
};

template <int kEach>
PINGJIA_KERNEL(kThreads, 1)
rms_norm_kernel(PINGJIA_PARAMETER RmsNormCall call) {
  RmsNorm<kEach>{call, {}}.run();
}

template <int kEach>
void start(const RmsNormCall& call, Stream stream) {
  launch(rms_norm_kernel<kEach>,
         {.x = call.rows, .threads = kThreads, .shared_bytes = kThreads / 32 * 4}, stream, call);
}

PINGJIA_KERNEL(kThreads, 1) swiglu_kernel(PINGJIA_PARAMETER SwiGluCall call) {
  const std::int64_t each = call.width / 8;
  const std::int64_t i = std::int64_t{block_x()} * kThreads + thread_index();
  if (i >= call.rows * each) return;
  const std::int64_t gate_at = i / each * 2 * each + i % each;
  float gate[8], up[8];
  widen(eight_at(call.gate_up, gate_at), gate), widen(eight_at(call.gate_up, gate_at + each), up);
  PINGJIA_UNROLL
  for (int j = 0; j < 8; ++j) gate[j] = silu(gate[j]) * up[j];
  put_eight(call.out, i, gate);
}

PINGJIA_KERNEL(kThreads, 1) sum_kernel(PINGJIA_PARAMETER SumCall call) {
  const std::int64_t i = std::int64_t{block_x()} * kThreads + thread_index();
  if (i >= call.count / 8) return;
  float x[8], added[8];
  widen(eight_at(call.x, i), x), widen(eight_at(call.added, i), added);
  PINGJIA_UNROLL
  for (int j = 0; j < 8; ++j) x[j] += added[j];
  put_eight(call.out, i, x);
}

void check_eights(std::int64_t count) {
  if (count % 8 != 0) throw std::invalid_argument("rows on CUDA are read in eights of bf16");
}

int blocks_for(std::int64_t count) {
  return static_cast<int>((count / 8 + kThreads - 1) / kThreads);
}

}  // namespace

void rms_norm(const RmsNormCall& call, Stream stream) {
  check_eights(call.width);
  if (call.width <= 8 * kThreads) return start<1>(call, stream);
  if (call.width <= 16 * kThreads) return start<2>(call, stream);
  if (call.width <= 32 * kThreads) return start<4>(call, stream);
  if (call.width <= 64 * kThreads) return start<8>(call, stream);
  throw std::invalid_argument("norms on CUDA have rows of up to 16,384");
}

void swiglu(const SwiGluCall& call, Stream stream) {
  check_eights(call.width);
  const int blocks = blocks_for(std::int64_t{call.rows} * call.width);
  launch(swiglu_kernel, {.x = blocks, .threads = kThreads}, stream, call);
}

void sum_rows(const SumCall& call, Stream stream) {
  check_eights(call.count);
  launch(sum_kernel, {.x = blocks_for(call.count), .threads = kThreads}, stream, call);
}

}  // namespace pingjia::kernels::cuda

#include <stdexcept>

#include "kernels/cuda/bf16.cuh"
#include "kernels/cuda/grid.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/layer/rope_write_cuda.h"

namespace pingjia::kernels::cuda {
namespace {

constexpr int kThreads = 256;

/// Eight pairs of one head in one thread: two accesses of 16 bytes in, two out.
struct RopeWrite {
  const RopeWriteCall& call;
  int token, head, at;  ///< `at`: the first element, below width / 2.

  PINGJIA_DEVICE RopeWrite(const RopeWriteCall& c, std::int64_t index) : call(c) {
    const int each = c.width / 16, heads = all_heads(c);
    at = static_cast<int>(index % each) * 8;
    head = static_cast<int>(index / each % heads);
    token = static_cast<int>(index / each / heads);
  }

  PINGJIA_HOST_DEVICE static int all_heads(const RopeWriteCall& c) {
    return c.query_heads + c.kv_heads + c.value_heads;
  }

  PINGJIA_DEVICE Bf16Bits* in_cache(Bf16Bits* cache, int kv_head) const {
    const int position = call.positions[token];
    const int page = call.pages[std::int64_t{token} * call.most_pages + position / call.page_size];
    const std::int64_t row = std::int64_t{page} * call.page_size + position % call.page_size;
    return cache + (row * call.kv_heads + kv_head) * call.width;
  }
  PINGJIA_DEVICE Bf16Bits* target() const {
    const int kv_head = head - call.query_heads;
    if (kv_head < 0) {
      return call.queries + (std::int64_t{token} * call.query_heads + head) * call.width;
    }
    return kv_head < call.kv_heads ? in_cache(call.key_pages, kv_head)
                                   : in_cache(call.value_pages, kv_head - call.kv_heads);
  }

  PINGJIA_DEVICE void rotate(Eight& left, Eight& right) const {
    const std::int64_t angles = std::int64_t{call.positions[token]} * (call.width / 2) + at;
    float x[8], y[8], turned_x[8], turned_y[8];
    widen(left, x), widen(right, y);
    PINGJIA_UNROLL
    for (int i = 0; i < 8; ++i) {
      const float cosine = call.cosines[angles + i], sine = call.sines[angles + i];
      turned_x[i] = x[i] * cosine - y[i] * sine;
      turned_y[i] = y[i] * cosine + x[i] * sine;
    }
    left = pack_eight(turned_x), right = pack_eight(turned_y);
  }

  PINGJIA_DEVICE void run() const {
    const Bf16Bits* from =
        call.heads + (std::int64_t{token} * all_heads(call) + head) * call.width + at;
    Eight left = *reinterpret_cast<const Eight*>(from);
    Eight right = *reinterpret_cast<const Eight*>(from + call.width / 2);
    if (head < call.query_heads + call.kv_heads) rotate(left, right);
    Bf16Bits* to = target() + at;
    *reinterpret_cast<Eight*>(to) = left;
    *reinterpret_cast<Eight*>(to + call.width / 2) = right;
  }
};

PINGJIA_HOST_DEVICE std::int64_t work_of(const RopeWriteCall& call) {
  return std::int64_t{call.tokens} * RopeWrite::all_heads(call) * (call.width / 16);
}

PINGJIA_KERNEL(kThreads, 1) rope_write_kernel(PINGJIA_PARAMETER RopeWriteCall call) {
  const std::int64_t index = std::int64_t{block_x()} * kThreads + thread_index();
  if (index < work_of(call)) RopeWrite(call, index).run();
}

}  // namespace

void rope_write(const RopeWriteCall& call, Stream stream) {
  if (call.width % 16 != 0 || (call.value_heads != 0 && call.value_heads != call.kv_heads)) {
    throw std::invalid_argument(
        "RoPE on CUDA has widths of 16 n, and as many value heads as key heads or none");
  }
  const auto blocks = static_cast<int>((work_of(call) + kThreads - 1) / kThreads);
  launch(rope_write_kernel, {.x = blocks, .threads = kThreads}, stream, call);
}

}  // namespace pingjia::kernels::cuda

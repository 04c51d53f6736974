#include <algorithm>
#include <stdexcept>

#include "kernels/cuda/bf16.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/warp.cuh"
#include "kernels/moe/permute_cuda.h"

namespace pingjia::kernels::cuda {
namespace {

/// A counting sort without atomics, so that it is stable: slots in chunks, a thread for each
/// expert. A thread reads the whole chunk from shared memory, where all threads read one word at a
/// time.
constexpr int kChunk = 512;

PINGJIA_HOST_DEVICE int rounded(int value, int multiple) {
  return (value + multiple - 1) / multiple * multiple;
}
PINGJIA_HOST_DEVICE int chunks(int slots) {
  return (slots + kChunk - 1) / kChunk;
}

/// The chunk's experts in shared memory; how many there are.
PINGJIA_DEVICE int load_chunk(const AlignCall& call, int* experts) {
  const int first = block_x() * kChunk, count = std::min(int{kChunk}, call.slots - first);
  for (int i = thread_index(); i < count; i += block_threads()) {
    experts[i] = call.chosen[first + i];
  }
  sync_threads();
  return count;
}

PINGJIA_KERNEL(1024, 1) count_kernel(PINGJIA_PARAMETER AlignCall call) {
  int* experts = reinterpret_cast<int*>(dynamic_shared());
  const int count = load_chunk(call, experts), expert = thread_index();
  int mine = 0;
  for (int i = 0; i < count; ++i) mine += experts[i] == expert;
  if (expert < call.experts) call.scratch[block_x() * call.experts + expert] = mine;
}

/// Inclusive sums over the block's threads.
PINGJIA_DEVICE int scan(int value, int* shared) {
  for (int step = 1; step < block_threads(); step *= 2) {
    shared[thread_index()] = value;
    sync_threads();
    if (thread_index() >= step) value += shared[thread_index() - step];
    sync_threads();
  }
  return value;
}

/// One block. Turns each chunk's counts into the rows where its slots begin.
PINGJIA_KERNEL(1024, 1) place_experts_kernel(PINGJIA_PARAMETER AlignCall call) {
  const int expert = thread_index(), parts = chunks(call.slots);
  const bool real = expert < call.experts;
  int total = 0;
  for (int i = 0; real && i < parts; ++i) total += call.scratch[i * call.experts + expert];
  const int padded = rounded(total, call.block);
  const int end = scan(padded, reinterpret_cast<int*>(dynamic_shared()));
  if (!real) return;
  int row = end - padded;
  for (int i = row; i < end; i += call.block) call.expert_of_block[i / call.block] = expert;
  for (int i = row + total; i < end; ++i) call.slot_of_row[i] = -1;
  for (int i = 0; i < parts; ++i) {
    const int count = call.scratch[i * call.experts + expert];
    call.scratch[i * call.experts + expert] = row;
    row += count;
  }
  if (expert == call.experts - 1) *call.blocks = end / call.block;
}

PINGJIA_KERNEL(1024, 1) place_slots_kernel(PINGJIA_PARAMETER AlignCall call) {
  int* experts = reinterpret_cast<int*>(dynamic_shared());
  const int count = load_chunk(call, experts), first = block_x() * kChunk;
  for (int i = thread_index(); i < count; i += block_threads()) {
    if (experts[i] < 0 || experts[i] >= call.experts) call.row_of_slot[first + i] = -1;
  }
  const int expert = thread_index();
  if (expert >= call.experts) return;
  int row = call.scratch[block_x() * call.experts + expert];
  for (int i = 0; i < count; ++i) {
    if (experts[i] != expert) continue;
    call.row_of_slot[first + i] = row;
    call.slot_of_row[row++] = first + i;
  }
}

constexpr int kWarps = 4;

PINGJIA_KERNEL(32 * kWarps, 1) permute_kernel(PINGJIA_PARAMETER PermuteCall call) {
  const int row = block_x() * kWarps + warp_index();
  if (row >= *call.blocks * call.block) return;
  const int slot = call.slot_of_row[row];
  const auto* from = reinterpret_cast<const Eight*>(
      call.in + std::int64_t{std::max(slot, 0) / call.top} * call.width);
  auto* to = reinterpret_cast<Eight*>(call.out + std::int64_t{row} * call.width);
  for (int i = lane_index(); i < call.width / 8; i += 32) to[i] = slot < 0 ? Eight{} : from[i];
}

PINGJIA_KERNEL(32 * kWarps, 1) unpermute_kernel(PINGJIA_PARAMETER UnpermuteCall call) {
  const int token = block_x() * kWarps + warp_index();
  if (token >= call.tokens) return;
  auto* to = reinterpret_cast<Eight*>(call.out + std::int64_t{token} * call.width);
  for (int i = lane_index(); i < call.width / 8; i += 32) {
    float sums[8] = {};
    for (int slot = token * call.top; slot < (token + 1) * call.top; ++slot) {
      const int row = call.row_of_slot[slot];
      if (row < 0) continue;
      const float weight = call.weights[slot];
      const Eight part =
          reinterpret_cast<const Eight*>(call.in + std::int64_t{row} * call.width)[i];
      PINGJIA_UNROLL
      for (int j = 0; j < 4; ++j) {
        sums[2 * j] += weight * widen_low(part.pairs[j]);
        sums[2 * j + 1] += weight * widen_high(part.pairs[j]);
      }
    }
    Eight sum;
    PINGJIA_UNROLL
    for (int j = 0; j < 4; ++j) sum.pairs[j] = pack_bf16(sums[2 * j], sums[2 * j + 1]);
    to[i] = sum;
  }
}

void check_width(int width) {
  if (width % 8 != 0) throw std::invalid_argument("rows are copied in eights of bf16");
}

}  // namespace

int align_rows(int slots, int experts, int block) {
  // Each expert that has a slot may need a block that is almost empty.
  return rounded(slots + std::min(slots, experts) * (block - 1), block);
}

std::int64_t align_scratch(const AlignCall& call) {
  return std::int64_t{chunks(call.slots)} * call.experts;
}

void align(const AlignCall& call, Stream stream) {
  if (call.experts > 1024) throw std::invalid_argument("align on CUDA sorts up to 1,024 experts");
  const int threads = rounded(call.experts, 32), parts = chunks(call.slots);
  const Grid each{.x = parts, .threads = threads, .shared_bytes = kChunk * 4};
  launch(count_kernel, each, stream, call);
  launch(place_experts_kernel, {.threads = threads, .shared_bytes = threads * 4}, stream, call);
  launch(place_slots_kernel, each, stream, call);
}

void permute(const PermuteCall& call, Stream stream) {
  check_width(call.width);
  launch(permute_kernel, {.x = (call.most_rows + kWarps - 1) / kWarps, .threads = 32 * kWarps},
         stream, call);
}

void unpermute(const UnpermuteCall& call, Stream stream) {
  check_width(call.width);
  launch(unpermute_kernel, {.x = (call.tokens + kWarps - 1) / kWarps, .threads = 32 * kWarps},
         stream, call);
}

}  // namespace pingjia::kernels::cuda

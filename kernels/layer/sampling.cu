#include <algorithm>
#include <stdexcept>

#include "kernels/cuda/launch.cuh"
#include "kernels/layer/sampler.cuh"
#include "kernels/layer/sampling_cuda.h"

namespace pingjia::kernels::cuda {
namespace {

/// Tokens of a part of a vocabulary with which one block begins, where a few are looked for.
constexpr int kPart = 8192;

PINGJIA_HOST_DEVICE int parts_of(const SampleCall& call) {
  return (call.vocabulary + kPart - 1) / kPart;
}

/// Neighbours in a row of logits.
struct Stretch {
  const float* logits;  ///< Of the row.
  int begin, end;

  /// By all threads: visit(token, logit). Loads of a thread are on their way together.
  template <class Visit>
  PINGJIA_DEVICE void for_each(Visit visit) const {
    constexpr int kEach = 4;
    for (int first = begin + thread_index(); first < end; first += kEach * kSampleThreads) {
      float values[kEach];
      PINGJIA_UNROLL
      for (int i = 0; i < kEach; ++i) {
        values[i] = first + i * kSampleThreads < end ? logits[first + i * kSampleThreads] : 0;
      }
      PINGJIA_UNROLL
      for (int i = 0; i < kEach; ++i) {
        if (first + i * kSampleThreads < end) visit(first + i * kSampleThreads, values[i]);
      }
    }
  }
};

/// What the first kernel left of a row, in the call's scratch: of each part the most likely, in no
/// order.
struct Sifted {
  int* counts;    ///< [parts]
  int* tokens;    ///< [parts, kPart]
  float* logits;  ///< [parts, kPart]
  int parts;

  PINGJIA_HOST_DEVICE static std::int64_t ints(int parts) {
    return parts + std::int64_t{2} * parts * kPart;
  }
  PINGJIA_DEVICE static Sifted of(const SampleCall& call, int row) {
    const int parts = parts_of(call);
    int* begin = call.scratch + row * ints(parts);
    int* tokens = begin + parts;
    return {begin, tokens, reinterpret_cast<float*>(tokens + std::int64_t{parts} * kPart), parts};
  }
  template <class Visit>
  PINGJIA_DEVICE void for_each(Visit visit) const {
    for (int part = warp_index(); part < parts; part += kSampleThreads / 32) {
      for (int i = lane_index(); i < counts[part]; i += 32) {
        visit(tokens[part * kPart + i], logits[part * kPart + i]);
      }
    }
  }
};

/// Leaves the most likely top_k, and what shares the last one's bucket.
PINGJIA_DEVICE void sift(Sampler<Stretch>& sampler, const Sifted& to, int part) {
  SamplerShared& shared = sampler.shared;
  if (thread_index() == 0) shared.kept = 0;
  sampler.spread();
  Weight before;
  const auto wanted = static_cast<std::uint64_t>(sampler.call.top_k);
  const int last = sampler.crossing(shared.coarse, wanted, true, before);
  sampler.source.for_each([&](int token, float logit) {
    if (sampler.coarse_bucket(logit) > last) return;
    const int place = part * kPart + static_cast<int>(add_shared(&shared.kept, 1u));
    to.tokens[place] = token, to.logits[place] = logit;
  });
  sync_threads();
  if (thread_index() == 0) to.counts[part] = static_cast<int>(shared.kept);
}

PINGJIA_DEVICE Stretch stretch_of(const SampleCall& call, int row, int begin, int end) {
  return {call.logits + std::int64_t{row} * call.vocabulary, begin, end};
}

PINGJIA_KERNEL(kSampleThreads, 1) sift_kernel(PINGJIA_PARAMETER SampleCall call) {
  const int begin = block_x() * kPart, end = std::min(call.vocabulary, begin + kPart);
  Sampler sampler(call, stretch_of(call, block_y(), begin, end));
  sift(sampler, Sifted::of(call, block_y()), block_x());
}

template <bool kSifted>
PINGJIA_KERNEL(kSampleThreads, 1)
sample_kernel(PINGJIA_PARAMETER SampleCall call) {
  int token = 0;
  if constexpr (kSifted) {
    token = Sampler(call, Sifted::of(call, block_x())).draw();
  } else {
    token = Sampler(call, stretch_of(call, block_x(), 0, call.vocabulary)).draw();
  }
  if (thread_index() == 0) call.tokens[block_x()] = token;
}

/// Whether few tokens are looked for among many: worth a pass by many blocks.
bool is_sifted(const SampleCall& call) {
  return call.top_k > 0 && call.top_k <= kPart / 8 && parts_of(call) > 1;
}

}  // namespace

void sample_tokens(const SampleCall& call, Stream stream) {
  if (call.vocabulary < 1 || call.vocabulary > (1 << 23) || !(call.temperature > 0) ||
      call.top_k < 0) {
    throw std::invalid_argument(
        "sampling on CUDA has 1 to 2^23 tokens, a temperature above 0 and top_k from 0 on");
  }
  Grid grid{.x = call.rows,
            .threads = kSampleThreads,
            .shared_bytes = static_cast<int>(sizeof(SamplerShared))};
  if (!is_sifted(call)) return launch(sample_kernel<false>, grid, stream, call);
  grid.x = parts_of(call), grid.y = call.rows;
  launch(sift_kernel, grid, stream, call);
  grid.x = call.rows, grid.y = 1;
  launch(sample_kernel<true>, grid, stream, call);
}

std::int64_t sample_scratch(const SampleCall& call) {
  return is_sifted(call) ? call.rows * Sifted::ints(parts_of(call)) : 0;
}

}  // namespace pingjia::kernels::cuda

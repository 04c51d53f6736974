#pragma once

#include <algorithm>
#include <cmath>

#include "kernels/cuda/bf16.cuh"
#include "kernels/cuda/warp.cuh"
#include "kernels/layer/likelihood.cuh"
#include "kernels/layer/sampling_cuda.h"

namespace pingjia::kernels::cuda {

/// In shared memory.
struct SamplerShared {
  Buckets coarse, fine;
  Weight groups[kBuckets / kGroup];
  float of_warps[2][kSampleThreads / 32];
  std::uint32_t kept;
};

/// Some tokens of a row in one block. The token at which the sum of counts or chances, from the
/// likeliest down, reaches a target is found by histograms: the first, over all tokens by their
/// logits, serves every search; then one of its buckets is spread out until one token is left. What
/// is needed is read once from memory and then from the caches.
template <class Source>
struct Sampler {
  const SampleCall& call;
  Source source;
  SamplerShared& shared;
  float highest = 0, per_logit = 0;  ///< Of the coarse buckets.

  PINGJIA_DEVICE Sampler(const SampleCall& c, const Source& tokens)
      : call(c), source(tokens), shared(*reinterpret_cast<SamplerShared*>(dynamic_shared())) {}

  PINGJIA_DEVICE void find_range() {
    float most = -INFINITY, least_negated = -INFINITY;
    source.for_each([&](int, float logit) {
      most = fmaxf(most, logit), least_negated = fmaxf(least_negated, -logit);
    });
    most = warp_max(most), least_negated = warp_max(least_negated);
    if (lane_index() == 0) {
      shared.of_warps[0][warp_index()] = most, shared.of_warps[1][warp_index()] = least_negated;
    }
    sync_threads();
    highest = warp_max(shared.of_warps[0][lane_index()]);
    const float lowest = -warp_max(shared.of_warps[1][lane_index()]);
    // Further down nothing is ever drawn: one bucket.
    const float span = fminf(highest - lowest, 40 * call.temperature);
    per_logit = span > 0 ? (kBuckets - 1) / span : 0;
  }

  PINGJIA_DEVICE std::uint64_t chance(float logit) const {
    constexpr float kLog2E = 1.44269504f, kOne = 1099511627776.0f;
    return static_cast<std::uint64_t>(exp2_fast((logit - highest) / call.temperature * kLog2E) *
                                      kOne);
  }
  PINGJIA_DEVICE int coarse_bucket(float logit) const {
    return static_cast<int>(fminf((highest - logit) * per_logit, kBuckets - 1));
  }
  /// The lowest float of the buckets up to this one.
  PINGJIA_DEVICE std::uint32_t lowest_order(int bucket) const {
    std::uint32_t low = order_of(-INFINITY), high = order_of(highest);
    while (low < high) {
      const std::uint32_t middle = low + (high - low) / 2;
      if (coarse_bucket(logit_of(middle)) <= bucket) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /// The bucket in which the sum reaches the target; `before` gets what stands in front of it.
  PINGJIA_DEVICE int crossing(const Buckets& buckets, std::uint64_t target, bool by_count,
                              Weight& before) {
    sync_threads();
    if (thread_index() < kBuckets / kGroup) {
      Weight sum;
      for (int i = 0; i < kGroup; ++i) {
        // Each lane begins in another bank.
        sum = sum + buckets.at(thread_index() * kGroup + (i + thread_index()) % kGroup);
      }
      shared.groups[thread_index()] = sum;
    }
    sync_threads();
    int group = 0;
    for (; group < kBuckets / kGroup - 1; ++group) {
      const Weight with = before + shared.groups[group];
      if (with.reaches(target, by_count)) break;
      before = with;
    }
    int bucket = group * kGroup;
    for (; bucket < (group + 1) * kGroup - 1; ++bucket) {
      const Weight with = before + buckets.at(bucket);
      if (with.reaches(target, by_count)) break;
      before = with;
    }
    return bucket;
  }

  /// Narrows the keys [low, high] to those of one fine bucket, which it gives.
  PINGJIA_DEVICE int narrow(std::uint64_t& low, std::uint64_t& high, std::uint64_t target,
                            bool by_count, Weight& before) {
    int shift = 0;
    while ((high - low) >> shift >= kBuckets) ++shift;
    shared.fine.clear();
    source.for_each([&](int token, float logit) {
      const std::uint64_t key = key_of(logit, token);
      if (key < low || key > high) return;
      shared.fine.add(static_cast<int>((high - key) >> shift), token, chance(logit));
    });
    const int bucket = crossing(shared.fine, target, by_count, before);
    high -= static_cast<std::uint64_t>(bucket) << shift;
    low = std::max(low, high - ((std::uint64_t{1} << shift) - 1));
    return bucket;
  }

  struct Found {
    int token;
    Weight through;  ///< Up to the token, which counts.
  };
  PINGJIA_DEVICE Found found(const Buckets& buckets, int bucket, const Weight& before) const {
    return {buckets.member[bucket], before + buckets.at(bucket)};
  }

  /// The first token, from the likeliest down, with which the sum reaches the target.
  PINGJIA_DEVICE Found search(std::uint64_t target, bool by_count) {
    Weight before;
    const int coarse = crossing(shared.coarse, target, by_count, before);
    if (shared.coarse.count[coarse] == 1) return found(shared.coarse, coarse, before);
    std::uint64_t low = std::uint64_t{lowest_order(coarse)} << 32;
    const std::uint32_t top = coarse == 0 ? order_of(highest) : lowest_order(coarse - 1) - 1;
    std::uint64_t high = std::uint64_t{top} << 32 | 0xffffffffu;
    for (;;) {
      const int fine = narrow(low, high, target, by_count, before);
      if (shared.fine.count[fine] == 1 || low == high) return found(shared.fine, fine, before);
    }
  }

  /// All tokens over the coarse buckets.
  PINGJIA_DEVICE void spread() {
    find_range();
    shared.coarse.clear();
    source.for_each([&](int token, float logit) {
      shared.coarse.add(coarse_bucket(logit), token, chance(logit));
    });
  }

  PINGJIA_DEVICE std::uint64_t mass_of_all() {
    Weight before;
    const int last = crossing(shared.coarse, ~std::uint64_t{0}, false, before);
    return (before + shared.coarse.at(last)).mass;
  }

  PINGJIA_DEVICE int draw() {
    spread();
    if (call.top_k == 1) return search(1, true).token;
    const bool cut = call.top_k > 0 && call.top_k < call.vocabulary;
    std::uint64_t kept =
        cut ? search(static_cast<std::uint64_t>(call.top_k), true).through.mass : mass_of_all();
    if (call.top_p < 1) {
      const double wanted = ceil(static_cast<double>(kept) * static_cast<double>(call.top_p));
      kept = search(std::max(std::uint64_t{1}, static_cast<std::uint64_t>(wanted)), false)
                 .through.mass;
    }
    const double below = call.uniforms[block_x()] * static_cast<double>(kept);
    return search(std::min(kept, static_cast<std::uint64_t>(below) + 1), false).token;
  }
};

}  // namespace pingjia::kernels::cuda

#pragma once

#include <bit>
#include <cstdint>

#include "kernels/cuda/atomic.cuh"
#include "kernels/cuda/grid.cuh"

namespace pingjia::kernels::cuda {

/// Of sampling: threads of a block; buckets, and how many of them are summed by one thread.
constexpr int kSampleThreads = 1024, kBuckets = 1024, kGroup = 32;

/// What some neighbours in the order of likelihood amount to.
struct Weight {
  std::uint64_t mass = 0, count = 0;

  PINGJIA_DEVICE Weight operator+(const Weight& other) const {
    return {mass + other.mass, count + other.count};
  }
  PINGJIA_DEVICE bool reaches(std::uint64_t target, bool by_count) const {
    return (by_count ? count : mass) >= target;
  }
};

/// Tokens by likelihood, likely ones first.
struct Buckets {
  std::uint64_t mass[kBuckets];
  std::uint32_t count[kBuckets];
  int member[kBuckets];  ///< One of them: the one, where there is one.

  PINGJIA_DEVICE Weight at(int bucket) const { return {mass[bucket], count[bucket]}; }
  PINGJIA_DEVICE void clear() {
    sync_threads();
    for (int i = thread_index(); i < kBuckets; i += kSampleThreads) mass[i] = 0, count[i] = 0;
    sync_threads();
  }
  PINGJIA_DEVICE void add(int bucket, int token, std::uint64_t chance) {
    add_shared(&mass[bucket], chance);
    add_shared(&count[bucket], 1);
    member[bucket] = token;
  }
};

/// Floats in their order as integers; the two zeros are one.
PINGJIA_DEVICE std::uint32_t order_of(float logit) {
  const auto bits = std::bit_cast<std::uint32_t>(logit + 0.0f);
  return (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
}
PINGJIA_DEVICE float logit_of(std::uint32_t order) {
  return std::bit_cast<float>((order & 0x80000000u) != 0 ? order & 0x7fffffffu : ~order);
}
/// No two tokens have one key; the likelier has the higher.
PINGJIA_DEVICE std::uint64_t key_of(float logit, int token) {
  return std::uint64_t{order_of(logit)} << 32 | (0xffffffffu - static_cast<std::uint32_t>(token));
}

}  // namespace pingjia::kernels::cuda

#include "tests/kernels/cuda/emulator.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <stdexcept>
#include <vector>

#include "kernels/cuda/atomic.cuh"
#include "kernels/cuda/fp8.cuh"
#include "kernels/cuda/hopper.cuh"
#include "kernels/cuda/tile.cuh"
#include "kernels/cuda/warp.cuh"
#include "tests/kernels/cuda/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

// A kernel that is wrong must be seen to be wrong, or the other tests say nothing.

TEST(Emulator, WhatIsReadBeforeItIsWaitedForIsNan) {
  Guarded<Bf16Bits> in(256);
  fill_normal(in, 1, "in");
  for (const int in_flight : {0, 1}) {
    int bad = 0;
    emulate({.threads = 32, .shared_bytes = 512}, [&] {
      auto* shared = reinterpret_cast<Bf16Bits*>(dynamic_shared());
      copy_async(shared + 8 * lane_index(), in.data() + 8 * lane_index(), true);
      commit_copies();
      wait_for_groups(in_flight);
      sync_warp();
      const int from = 8 * ((lane_index() + 5) % 32);
      bad += shared[from] != in[from];
    });
    EXPECT_EQ(bad, in_flight == 0 ? 0 : 32);
  }
}

// A borrow of the lower half must not reach the upper one, as it does between integers.
TEST(Emulator, PairsAreSubtractedApartAndRoundedOnce) {
  const std::uint32_t a = pack_bf16(1, 3), b = pack_bf16(256, -0.5);
  EXPECT_EQ(subtract_pairs(a, b), pack_bf16(-255, 3.5));
  EXPECT_NE(a - b, pack_bf16(-255, 3.5));
  // 257 has nine bits, and ties go to even: towards 256, and 259 towards 260.
  EXPECT_EQ(subtract_pairs(pack_bf16(256, 256), pack_bf16(-1, -3)), pack_bf16(256, 260));
}

TEST(Emulator, OnlyTheOldestGroupsAreWaitedFor) {
  Guarded<Bf16Bits> in(16);
  fill_normal(in, 1, "in");
  bool first = false, second = false;
  emulate({.threads = 32, .shared_bytes = 32}, [&] {
    auto* shared = reinterpret_cast<Bf16Bits*>(dynamic_shared());
    if (thread_index() != 0) return;
    copy_async(shared, in.data(), true);
    commit_copies();
    copy_async(shared + 8, in.data() + 8, true);
    commit_copies();
    wait_copies<1>();
    first = shared[0] == in[0], second = shared[8] == in[8];
  });
  EXPECT_TRUE(first);
  EXPECT_FALSE(second);
}

TEST(Emulator, ACopyThatIsNotValidReadsNothingAndWritesZeros) {
  Bf16Bits got = 1;
  alignas(16) const Bf16Bits nothing = 7;
  emulate({.threads = 32, .shared_bytes = 16}, [&] {
    if (thread_index() != 0) return;
    auto* shared = reinterpret_cast<Bf16Bits*>(dynamic_shared());
    copy_async(shared, &nothing, false);
    commit_copies();
    wait_copies<0>();
    got = shared[7];
  });
  EXPECT_EQ(got, 0);
}

// Each thread reads what its neighbour writes.
int wrong_reads(bool with_barrier) {
  int wrong = 0;
  emulate({.threads = 64, .shared_bytes = 64 * 4}, [&] {
    auto* shared = reinterpret_cast<int*>(dynamic_shared());
    shared[thread_index()] = thread_index();
    if (with_barrier) sync_threads();
    wrong += shared[(thread_index() + 1) % 64] != (thread_index() + 1) % 64;
  });
  return wrong;
}

TEST(Emulator, AMissingBarrierIsSeen) {
  EXPECT_EQ(wrong_reads(true), 0);
  EXPECT_GT(wrong_reads(false), 0);
}

// All threads add to one word; each then reads it.
template <class Word>
int wrong_sums(bool with_barrier) {
  int wrong = 0;
  emulate({.threads = 64, .shared_bytes = 8}, [&] {
    auto* sum = reinterpret_cast<Word*>(dynamic_shared());
    if (thread_index() == 0) *sum = 0;
    sync_threads();
    add_shared(sum, Word{1} << (sizeof(Word) * 8 - 8));
    if (with_barrier) sync_threads();
    wrong += *sum != Word{64} << (sizeof(Word) * 8 - 8);
  });
  return wrong;
}

TEST(Emulator, ASumReadBeforeItsBarrierIsSeen) {
  EXPECT_EQ(wrong_sums<std::uint32_t>(true), 0);
  EXPECT_EQ(wrong_sums<std::uint64_t>(true), 0);
  EXPECT_GT(wrong_sums<std::uint32_t>(false), 0);
  EXPECT_GT(wrong_sums<std::uint64_t>(false), 0);
}

TEST(Emulator, ABarrierThatSomeNeverReachEndsTheRun) {
  EXPECT_THROW(emulate({.threads = 32},
                       [] {
                         if (thread_index() < 5) {
                           sync_warp();
                         } else {
                           sync_threads();
                         }
                       }),
               std::logic_error);
}

TEST(Emulator, LanesThatMakeDifferentCallsEndTheRun) {
  EXPECT_THROW(emulate({.threads = 32},
                       [] {
                         if (thread_index() < 5) {
                           sync_warp();
                         } else {
                           shuffle(1, 0);
                         }
                       }),
               std::logic_error);
  EXPECT_EQ(wrong_reads(true), 0);  // The next run is none the worse.
}

TEST(Emulator, AnAddressOffItsSixteenBytesEndsTheRun) {
  EXPECT_THROW(emulate({.threads = 32, .shared_bytes = 64},
                       [] {
                         std::uint32_t to[4];
                         load_matrices(to, dynamic_shared() + 8);
                       }),
               std::logic_error);
}

TEST(Emulator, EachBlockAndThreadRunsOnce) {
  std::multiset<std::vector<int>> seen;
  emulate({.x = 2, .y = 3, .z = 2, .threads = 64}, [&] {
    seen.insert({block_x(), block_y(), block_z(), thread_index()});
  });
  EXPECT_EQ(seen.size(), 2u * 3 * 2 * 64);
  EXPECT_EQ(std::set(seen.begin(), seen.end()).size(), seen.size());
}

TEST(Emulator, ShufflesTakeFromTheLaneTheyName) {
  emulate({.threads = 64}, [] {
    EXPECT_EQ(shuffle(thread_index(), 7), warp_index() * 32 + 7);
    EXPECT_EQ(shuffle_xor(thread_index(), 3), thread_index() ^ 3);
    EXPECT_EQ(warp_max(static_cast<float>(lane_index())), 31);
    EXPECT_EQ(warp_sum(1.0f), 32);
    EXPECT_EQ(quad_sum(static_cast<float>(lane_index() % 4)), 6);
  });
}

// Through tiles, as kernels do it: A [16, 64], B^T [16, 64], both orders of B.
TEST(Emulator, TilesAndProductsMultiplyMatrices) {
  Guarded<Bf16Bits> a(16 * 64), b(16 * 64);
  fill_normal(a, 1, "a"), fill_normal(b, 1, "b");
  const auto value = [](Guarded<Bf16Bits>& of, int row, int column) {
    return double{widen(of[row * 64 + column])};
  };
  emulate({.threads = 32, .shared_bytes = 4096}, [&] {
    const Tile<64> left{dynamic_shared()}, right{dynamic_shared() + 2048};
    const auto rows = [](Guarded<Bf16Bits>& of) {
      return [&](int r) { return of.data() + 64 * r; };
    };
    copy_rows(left, 16, lane_index(), 32, a.data(), rows(a));
    copy_rows(right, 16, lane_index(), 32, a.data(), rows(b));
    commit_copies();
    wait_copies<0>();
    sync_warp();
    float across[2][4] = {}, deep[4] = {}, down[2][4] = {};
    for (int step = 0; step < 4; ++step) {
      std::uint32_t x[4], y[4];
      left.load_a(x, 0, step);
      right.load_b(y, 0, step);
      multiply(across[0], x, y[0], y[1]);
      multiply(across[1], x, y[2], y[3]);
      if (step % 2 == 0) right.load_b_deep(y, 8, step);
      if (step % 2 == 0) multiply(deep, x, y[0], y[1]);
    }
    std::uint32_t x[4], y[4];
    left.load_a(x, 0, 1);
    right.load_b_rows(y, 0, 4);
    multiply(down[0], x, y[0], y[1]);
    multiply(down[1], x, y[2], y[3]);
    for (int i = 0; i < 4; ++i) {
      const int row = lane_index() / 4 + i / 2 * 8, column = lane_index() % 4 * 2 + i % 2;
      for (int half = 0; half < 2; ++half) {
        double dot = 0, rows_dot = 0;
        for (int k = 0; k < 64; ++k) dot += value(a, row, k) * value(b, 8 * half + column, k);
        for (int k = 0; k < 16; ++k) {
          rows_dot += value(a, row, 16 + k) * value(b, k, 32 + 8 * half + column);
        }
        EXPECT_NEAR(across[half][i], dot, 1e-4);
        EXPECT_NEAR(down[half][i], rows_dot, 1e-4);
      }
      double even_steps = 0;
      for (int k : {0, 32}) {
        for (int j = k; j < k + 16; ++j) even_steps += value(a, row, j) * value(b, 8 + column, j);
      }
      EXPECT_NEAR(deep[i], even_steps, 1e-4);
    }
  });
}

// Sixteen rows of 128 e4m3 in a tile of 64 pairs: the layouts of mma.m16n8k32, and that they
// matter.
TEST(Emulator, ProductsOfE4m3TakePairsWhereOthersTakeElements) {
  Guarded<Bf16Bits> a(16 * 64), b(16 * 64);
  harness::Rng rng(1, "e4m3");
  for (auto* of : {&a, &b}) {
    for (int i = 0; i < 16 * 128; ++i) {
      reinterpret_cast<E4m3Bits*>(of->data())[i] = to_e4m3(static_cast<float>(rng.normal()));
    }
  }
  const auto value = [](Guarded<Bf16Bits>& of, int row, int column) {
    return double{from_e4m3(reinterpret_cast<E4m3Bits*>(of.data())[row * 128 + column])};
  };
  int wrong = 0;
  emulate({.threads = 32, .shared_bytes = 4096}, [&] {
    const Tile<64> left{dynamic_shared()}, right{dynamic_shared() + 2048};
    copy_rows(left, 16, lane_index(), 32, a.data(), [&](int r) { return a.data() + 64 * r; });
    copy_rows(right, 16, lane_index(), 32, b.data(), [&](int r) { return b.data() + 64 * r; });
    commit_copies();
    wait_copies<0>();
    sync_warp();
    float sums[4] = {}, swapped[4] = {};
    for (int step = 0; step < 4; ++step) {
      std::uint32_t x[4], y[4];
      left.load_a(x, 0, step);
      right.load_b(y, 0, step);
      multiply_e4m3(sums, x, y[0], y[1]);
      multiply_e4m3(swapped, x, y[1], y[0]);
    }
    for (int i = 0; i < 4; ++i) {
      const int row = lane_index() / 4 + i / 2 * 8, column = lane_index() % 4 * 2 + i % 2;
      double dot = 0;
      for (int k = 0; k < 128; ++k) dot += value(a, row, k) * value(b, column, k);
      EXPECT_NEAR(sums[i], dot, 1e-4);
      wrong += std::abs(swapped[i] - dot) > 1e-2;
    }
  });
  EXPECT_GT(wrong, 100);
}

TEST(HopperEmulator, ABoxThatIsNotWaitedForIsNan) {
  Guarded<Bf16Bits> in(64 * 64);
  fill_normal(in, 1, "in");
  const TensorMap map{in.data(), 64, 64, 64};
  for (const bool waits : {true, false}) {
    bool same = false;
    emulate({.threads = 32, .shared_bytes = 64 * 128 + 8}, [&] {
      if (thread_index() != 0) return;
      auto* barrier = reinterpret_cast<std::uint64_t*>(dynamic_shared() + 64 * 128);
      barrier_init(barrier, 1);
      arrive_expecting(barrier, 64 * 128);
      copy_box(dynamic_shared(), map, 0, 0, barrier);
      if (waits) wait_phase(barrier, 0);
      // Row 3: chunk 0 stands in place 3 of the swizzled row.
      same = reinterpret_cast<Bf16Bits*>(dynamic_shared())[3 * 64 + 3 * 8] == in[3 * 64];
    });
    EXPECT_EQ(same, waits);
  }
}

TEST(HopperEmulator, BytesThatNeverComeEndTheRun) {
  EXPECT_THROW(emulate({.threads = 32, .shared_bytes = 8},
                       [] {
                         auto* barrier = reinterpret_cast<std::uint64_t*>(dynamic_shared());
                         if (thread_index() != 0) return;
                         barrier_init(barrier, 1);
                         arrive_expecting(barrier, 1);
                         wait_phase(barrier, 0);
                       }),
               std::logic_error);
}

TEST(Tile, EightRowsOfOneChunkLieInDifferentBanks) {
  for (int chunk = 0; chunk < 24; ++chunk) {
    std::set<std::ptrdiff_t> banks;
    const Tile<192> tile{nullptr};
    for (int row = 0; row < 8; ++row) {
      banks.insert(reinterpret_cast<std::intptr_t>(tile.chunk(row, chunk)) / 16 % 8);
    }
    EXPECT_EQ(banks.size(), 8u);
  }
}

TEST(Bf16, RoundsToNearestEven) {
  EXPECT_EQ(narrow(1.0f), 0x3f80);
  EXPECT_EQ(narrow(1.00390625f), 0x3f80);  // Halfway: to even.
  EXPECT_EQ(narrow(1.01171875f), 0x3f82);
  EXPECT_EQ(narrow(INFINITY), 0x7f80);
  EXPECT_TRUE(std::isnan(widen(narrow(NAN))));
  EXPECT_EQ(widen_high(pack_bf16(1, 2)), 2);
  EXPECT_EQ(widen_low(pack_bf16(1, 2)), 1);
}

}  // namespace
}  // namespace pingjia::kernels::cuda

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <vector>

#include "kernels/cuda/hopper.cuh"
#include "kernels/cuda/warp.cuh"
#include "kernels/cuda/warpgroup.cuh"
#include "tests/kernels/cuda/emulator.h"
#include "tests/kernels/cuda/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

// Each right kernel beside wrong ones, which must be seen to be wrong.

constexpr int kBox = 64 * 128;  ///< Bytes of 64 rows of 64 columns.

/// A [64, 64] and B [128, 64] in boxes of a block of one warpgroup, and what it does with them.
struct Operands {
  Guarded<Bf16Bits> a{64 * 64}, b{128 * 64};
  Operands() { fill_normal(a, 1, "a"), fill_normal(b, 1, "b"); }

  using Kernel = std::function<void(const std::byte* a, const std::byte* b)>;
  void in_boxes(const Kernel& kernel) {
    const TensorMap map_a{a.data(), 64, 64, 64}, map_b{b.data(), 128, 64, 64};
    emulate({.threads = 128, .shared_bytes = 3 * kBox + 8}, [&] {
      std::byte* shared = dynamic_shared();
      auto* barrier = reinterpret_cast<std::uint64_t*>(shared + 3 * kBox);
      if (thread_index() == 0) {
        barrier_init(barrier, 1);
        barriers_are_ready();
        arrive_expecting(barrier, 3 * kBox);
        copy_box(shared, map_a, 0, 0, barrier);
        copy_box(shared + kBox, map_b, 0, 0, barrier);
        copy_box(shared + 2 * kBox, map_b, 64, 0, barrier);
      }
      sync_threads();
      wait_phase(barrier, 0);
      kernel(shared, shared + kBox);
    });
  }

  double a_at(int row, int column) { return widen(a[row * 64 + column]); }
  double b_at(int row, int column) { return widen(b[row * 64 + column]); }
};

int row_of(int i) {
  return warp_index() * 16 + lane_index() / 4 + i / 2 * 8;
}
int column_of(int tile, int i) {
  return 8 * tile + lane_index() % 4 * 2 + i % 2;
}

/// How many of the sums, over all threads, are not `expected(row, column)`.
template <int kTiles>
int count_wrong(const float (&sums)[kTiles][4],
                const std::function<double(int row, int column)>& expected) {
  int wrong = 0;
  for (int tile = 0; tile < kTiles; ++tile) {
    for (int i = 0; i < 4; ++i) {
      wrong += !(std::abs(sums[tile][i] - expected(row_of(i), column_of(tile, i))) < 1e-3);
    }
  }
  return wrong;
}

enum class Fault { kNone, kNoCommit, kNoWait, kOneInFlight, kWrongStep, kAddsToFirst };

int wrong_row_products(Fault fault) {
  Operands the;
  int wrong = 0;
  the.in_boxes([&](const std::byte* a, const std::byte* b) {
    float sums[16][4];
    for (auto& tile : sums) std::fill_n(tile, 4, 5.0F);
    begin_products();
    for (int step = 0; step < 4; ++step) {
      const int of_b = fault == Fault::kWrongStep ? (step + 1) % 4 : step;
      if (step == 0 && fault != Fault::kAddsToFirst) {
        multiply_rows<false>(sums, operand_at(a, step), operand_at(b, of_b));
      } else {
        multiply_rows<true>(sums, operand_at(a, step), operand_at(b, of_b));
      }
    }
    if (fault != Fault::kNoCommit) commit_products();
    if (fault == Fault::kOneInFlight) wait_products<1>();
    if (fault != Fault::kNoWait && fault != Fault::kOneInFlight) wait_products<0>();
    pin(sums);
    wrong += count_wrong(sums, [&](int row, int column) {
      double dot = 0;
      for (int k = 0; k < 64; ++k) dot += the.a_at(row, k) * the.b_at(column, k);
      return dot;
    });
    wait_products<0>();
  });
  return wrong;
}

TEST(HopperEmulator, ProductsOfRowsAreSeenToBeWrong) {
  constexpr int kAll = 64 * 128;
  EXPECT_EQ(wrong_row_products(Fault::kNone), 0);
  EXPECT_EQ(wrong_row_products(Fault::kNoCommit), kAll);
  EXPECT_EQ(wrong_row_products(Fault::kNoWait), kAll);
  EXPECT_EQ(wrong_row_products(Fault::kOneInFlight), kAll);
  EXPECT_GT(wrong_row_products(Fault::kWrongStep), kAll * 9 / 10);
  EXPECT_EQ(wrong_row_products(Fault::kAddsToFirst), kAll);
}

enum class RegisterFault { kNone, kChangedTooEarly, kReadAsRows };

/// 64 rows of ones and twos in registers times B's first 64 rows, which are the depth.
int wrong_register_products(RegisterFault fault) {
  Operands the;
  int wrong = 0;
  the.in_boxes([&](const std::byte*, const std::byte* b) {
    const std::uint32_t value = pack_bf16(static_cast<float>(1 + warp_index() % 2),
                                          static_cast<float>(1 + warp_index() % 2));
    float sums[8][4] = {};
    std::uint32_t a[4][4];
    begin_products();
    for (int step = 0; step < 4; ++step) {
      std::fill_n(a[step], 4, value);
      multiply_columns(
          sums, a[step],
          fault == RegisterFault::kReadAsRows ? operand_at(b, step) : rows_at(b, step, kBox));
    }
    commit_products();
    if (fault == RegisterFault::kChangedTooEarly) a[2][1] = pack_bf16(9, 9);
    wait_products<0>();
    pin(sums);
    wrong += count_wrong(sums, [&](int row, int column) {
      double dot = 0;
      for (int k = 0; k < 64; ++k) dot += (1 + row / 16 % 2) * the.b_at(k, column);
      return dot;
    });
  });
  return wrong;
}

TEST(HopperEmulator, ProductsOfRegistersAreSeenToBeWrong) {
  EXPECT_EQ(wrong_register_products(RegisterFault::kNone), 0);
  EXPECT_GT(wrong_register_products(RegisterFault::kChangedTooEarly), 0);
  EXPECT_GT(wrong_register_products(RegisterFault::kReadAsRows), 64 * 64 * 9 / 10);
}

/// 64 rows of ones in registers times 16 rows of 128 columns in two boxes, whose distance is named.
int wrong_across_boxes(int box_bytes) {
  Operands the;
  int wrong = 0;
  // B's box of rows 0 to 63 gives columns 0 to 63, that of rows 64 to 127 the others.
  the.in_boxes([&](const std::byte*, const std::byte* b) {
    std::uint32_t ones[4];
    std::fill_n(ones, 4, pack_bf16(1, 1));
    float sums[16][4] = {};
    multiply_columns(sums, ones, rows_at(b, 0, box_bytes));
    commit_products();
    wait_products<0>();
    wrong += count_wrong(sums, [&](int, int column) {
      double sum = 0;
      for (int k = 0; k < 16; ++k) sum += the.b_at(column / 64 * 64 + k, column % 64);
      return sum;
    });
  });
  return wrong;
}

TEST(HopperEmulator, TheDistanceOfBoxesMatters) {
  EXPECT_EQ(wrong_across_boxes(kBox), 0);
  EXPECT_GT(wrong_across_boxes(1024), 64 * 64 * 9 / 10);
}

/// 64 rows of A times 256 of B, of which the last 128 are the first again.
int wrong_wide_products(int step_of_b) {
  Operands the;
  const TensorMap map_a{the.a.data(), 64, 64, 64}, map_b{the.b.data(), 128, 64, 64};
  int wrong = 0;
  emulate({.threads = 128, .shared_bytes = 5 * kBox + 8}, [&] {
    std::byte* shared = dynamic_shared();
    auto* barrier = reinterpret_cast<std::uint64_t*>(shared + 5 * kBox);
    if (thread_index() == 0) {
      barrier_init(barrier, 1);
      arrive_expecting(barrier, 5 * kBox);
      copy_box(shared, map_a, 0, 0, barrier);
      for (int box = 1; box < 5; ++box) {
        copy_box(shared + box * kBox, map_b, (box - 1) % 2 * 64, 0, barrier);
      }
    }
    sync_threads();
    wait_phase(barrier, 0);
    float sums[128] = {};
    multiply_group(sums, operand_at(shared, 1), operand_at(shared + kBox, step_of_b));
    commit_products();
    wait_products<0>();
    for (int i = 0; i < 128; ++i) {
      double dot = 0;
      for (int k = 16; k < 32; ++k) {
        dot += the.a_at(row_of(i % 4), k) * the.b_at(column_of(i / 4, i % 4) % 128, k);
      }
      wrong += !(std::abs(sums[i] - dot) < 1e-3);
    }
  });
  return wrong;
}

TEST(HopperEmulator, WideProductsAreSeenToBeWrong) {
  EXPECT_EQ(wrong_wide_products(1), 0);
  EXPECT_GT(wrong_wide_products(2), 64 * 256 * 9 / 10);
}

TEST(HopperEmulator, ABarrierThatNobodyInitialisedEndsTheRun) {
  const auto use = [](const std::function<void(std::uint64_t*)>& how) {
    emulate({.threads = 32, .shared_bytes = 8}, [&] {
      if (thread_index() == 0) how(reinterpret_cast<std::uint64_t*>(dynamic_shared()));
    });
  };
  EXPECT_THROW(use([](std::uint64_t* barrier) { wait_phase(barrier, 1); }), std::logic_error);
  EXPECT_THROW(use([](std::uint64_t* barrier) { arrive(barrier); }), std::logic_error);
  EXPECT_THROW(use([](std::uint64_t* barrier) { barrier_init(barrier, 256); }), std::logic_error);
}

TEST(HopperEmulator, ThreadsThatNameDifferentOperandsEndTheRun) {
  Operands the;
  EXPECT_THROW(the.in_boxes([](const std::byte* a, const std::byte* b) {
    float sums[16][4] = {};
    multiply_rows<false>(sums, operand_at(a, warp_index() == 2 ? 1 : 0), operand_at(b, 0));
  }),
               std::logic_error);
}

/// One thread hands a number to the others through a barrier of `arrivals`, waited for by `parity`.
int wrong_after_phase(int arrivals, int parity) {
  int wrong = 0;
  emulate({.threads = 32, .shared_bytes = 16}, [&] {
    auto* barrier = reinterpret_cast<std::uint64_t*>(dynamic_shared());
    auto* number = reinterpret_cast<int*>(dynamic_shared() + 8);
    if (thread_index() == 0) barrier_init(barrier, arrivals);
    if (thread_index() == 0) *number = 0;
    sync_threads();
    if (thread_index() == 31) {
      *number = 7;
      arrive(barrier);
    } else {
      wait_phase(barrier, parity);
      wrong += *number != 7;
    }
  });
  return wrong;
}

TEST(HopperEmulator, AWaitForTheWrongPhaseOrForTooManyIsSeen) {
  EXPECT_EQ(wrong_after_phase(1, 0), 0);
  // Who comes early finds the fresh barrier's phase of parity 1 ended; who comes late waits for
  // ever.
  EXPECT_THROW(wrong_after_phase(1, 1), std::logic_error);
  EXPECT_THROW(wrong_after_phase(2, 0), std::logic_error);
}

}  // namespace
}  // namespace pingjia::kernels::cuda

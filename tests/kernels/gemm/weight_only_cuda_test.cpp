#include "kernels/gemm/weight_only_cuda.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

#include "kernels/gemm/device_weights.h"
#include "kernels/gemm/unpack.cuh"
#include "tests/kernels/cuda/emulator.h"
#include "tests/kernels/cuda/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

struct Case {
  int bits = 8, rows = 1, columns = 128, k = 128, splits = 1;
};

QuantizedWeights quantized(const Case& the, Threads& threads) {
  Guarded<Bf16Bits> normal(std::int64_t{the.columns} * the.k);
  fill_normal(normal, 4, "weights");
  std::vector<Bf16> weights(static_cast<std::size_t>(normal.size()));
  std::transform(normal.data(), normal.data() + normal.size(), weights.begin(),
                 [](Bf16Bits bits) { return std::bit_cast<Bf16>(bits); });
  return {the.bits, weights.data(), the.columns, the.k, threads};
}

class Multiplication {
 public:
  explicit Multiplication(const Case& the)
      : the_(the),
        threads_(1),
        weights_(quantized(the, threads_)),
        a_(std::int64_t{the.rows} * the.k),
        out_(std::int64_t{the.rows} * the.columns) {
    fill_normal(a_, 4, "a");
    const std::vector<std::byte> packed = device_weights(weights_, threads_);
    packed_ = std::make_unique<Guarded<Bf16Bits>>(std::ssize(packed) / 2);
    std::memcpy(packed_->data(), packed.data(), packed.size());
  }

  double error() {
    WeightOnlyCall call{.a = a_.data(),
                        .weights = packed_->data(),
                        .out = out_.data(),
                        .bits = the_.bits,
                        .rows = the_.rows,
                        .columns = the_.columns,
                        .k = the_.k,
                        .splits = the_.splits};
    Guarded<float> scratch(weight_only_scratch(call));
    call.scratch = scratch.data();
    weight_only_gemm(call, nullptr);
    std::vector<double> expected(static_cast<std::size_t>(out_.size()));
    std::vector<float> column(static_cast<std::size_t>(the_.k));
    for (int j = 0; j < the_.columns; ++j) {
      weights_.dequantize(j, column.data());
      for (int i = 0; i < the_.rows; ++i) {
        double sum = 0;
        for (int at = 0; at < the_.k; ++at) {
          sum += double{widen(a_[std::int64_t{i} * the_.k + at])} *
                 double{column[static_cast<std::size_t>(at)]};
        }
        expected[static_cast<std::size_t>(i) * static_cast<std::size_t>(the_.columns) +
                 static_cast<std::size_t>(j)] = sum;
      }
    }
    return relative_error(out_, expected);
  }

  std::vector<Bf16Bits> out() { return {out_.data(), out_.data() + out_.size()}; }

 private:
  Case the_;
  Threads threads_;
  QuantizedWeights weights_;
  Guarded<Bf16Bits> a_, out_;
  std::unique_ptr<Guarded<Bf16Bits>> packed_;
};

double error_of(const Case& the) {
  return Multiplication(the).error();
}

// One rounding to bf16: 2^-9 at most, less on the mean.
constexpr double kTolerance = 2.5e-3;

class WeightOnlyCuda : public testing::TestWithParam<int> {};

TEST_P(WeightOnlyCuda, EqualsTheDefinitionForEveryNumberOfRows) {
  for (int rows = 1; rows <= 16; ++rows) {
    const Case the{.bits = GetParam(), .rows = rows, .columns = 40, .k = 256};
    EXPECT_LT(error_of(the), kTolerance) << rows;
  }
}

TEST_P(WeightOnlyCuda, TakesUglySizes) {
  // More groups than stages, panels that are not full, groups that are not.
  for (const auto& [columns, k] :
       {std::pair{1, 128}, {128, 1152}, {129, 384}, {300, 640}, {17, 8}, {33, 1048}}) {
    for (const int rows : {1, 5, 11}) {
      const Case the{.bits = GetParam(), .rows = rows, .columns = columns, .k = k};
      EXPECT_LT(error_of(the), kTolerance) << rows << " x " << columns << " x " << k;
    }
  }
}

TEST_P(WeightOnlyCuda, RandomShapesEqualTheDefinition) {
  harness::Rng rng(21, "shapes");
  const auto below = [&](int limit) {
    return static_cast<int>(rng.below(static_cast<std::uint64_t>(limit)));
  };
  for (int i = 0; i < 10; ++i) {
    const Case the{.bits = GetParam(),
                   .rows = 1 + below(16),
                   .columns = 1 + below(280),
                   .k = 128 * (1 + below(9)),
                   .splits = 1 + below(5)};
    EXPECT_LT(error_of(the), kTolerance) << i;
  }
}

TEST_P(WeightOnlyCuda, SplitsAddUpToTheSame) {
  // Also more splits than groups: some are empty.
  for (const int splits : {2, 3, 9}) {
    const Case the{.bits = GetParam(), .rows = 12, .columns = 200, .k = 1024, .splits = splits};
    EXPECT_LT(error_of(the), kTolerance) << splits;
  }
}

TEST_P(WeightOnlyCuda, TheOrderInWhichThreadsRunChangesNoBit) {
  const Case the{.bits = GetParam(), .rows = 9, .columns = 136, .k = 1024, .splits = 3};
  Multiplication first(the);
  EXPECT_LT(first.error(), kTolerance);
  for (const std::uint64_t seed : {2u, 3u}) {
    set_emulation_seed(seed);
    Multiplication again(the);
    again.error();
    EXPECT_EQ(again.out(), first.out());
  }
}

TEST_P(WeightOnlyCuda, PackingKeepsTheSizeAndTheScales) {
  Threads threads(2);
  const Case the{.bits = GetParam(), .columns = 130, .k = 264};
  const QuantizedWeights weights = quantized(the, threads);
  const std::vector<std::byte> packed = device_weights(weights, threads);
  const auto block = static_cast<std::size_t>(WeightOnlyLayout::block_bytes(GetParam()));
  ASSERT_EQ(packed.size(), 2 * 3 * block);
  // Panel 1, group 2: its second column is the matrix's last, and it has no third.
  const std::byte* scales = packed.data() + 5 * block + WeightOnlyLayout::integer_bytes(GetParam());
  const Bf16 last = weights.scale(129, 2), none{};
  EXPECT_EQ(std::memcmp(scales + 2, &last, 2), 0);
  EXPECT_EQ(std::memcmp(scales + 4, &none, 2), 0);
}

INSTANTIATE_TEST_SUITE_P(Bits, WeightOnlyCuda, testing::Values(8, 4),
                         [](const auto& param) { return "Of" + std::to_string(param.param); });

TEST(Unpack, IsExactForEveryInteger) {
  for (int value = -128; value < 128; ++value) {
    const auto byte = static_cast<std::uint32_t>(value & 255);
    const auto other = static_cast<std::uint32_t>(~value & 255);
    std::uint32_t even = 0, odd = 0;
    unpack_bytes(even, odd, byte | other << 8 | other << 16 | byte << 24);
    EXPECT_EQ(widen_low(even), static_cast<float>(value));
    EXPECT_EQ(widen_low(odd), static_cast<float>(~value));
    EXPECT_EQ(widen_high(even), static_cast<float>(~value));
    EXPECT_EQ(widen_high(odd), static_cast<float>(value));
  }
  for (std::uint32_t nibble = 0; nibble < 16; ++nibble) {
    for (int i = 0; i < 4; ++i) {
      std::uint32_t a[4];
      unpack_nibbles(a, nibble << 4 * i | (15 - nibble) << (16 + 4 * i));
      EXPECT_EQ(widen_low(a[i]), static_cast<float>(nibble) - 8);
      EXPECT_EQ(widen_high(a[i]), 7 - static_cast<float>(nibble));
    }
  }
}

TEST(WeightOnlyCall, RefusesWhatItDoesNotHave) {
  EXPECT_THROW(error_of({.rows = 17}), std::invalid_argument);
  EXPECT_THROW(error_of({.k = 12}), std::invalid_argument);
  WeightOnlyCall call{.bits = 2};
  EXPECT_THROW(weight_only_gemm(call, nullptr), std::invalid_argument);
}

TEST(WeightOnlySplits, GiveEachMultiprocessorTwoBlocks) {
  EXPECT_EQ(weight_only_splits(4096, 8192, 132), 8);
  EXPECT_EQ(weight_only_splits(4096, 2048, 132), 4);  // No split under 512 of k.
  EXPECT_EQ(weight_only_splits(65536, 8192, 132), 1);
  EXPECT_EQ(weight_only_splits(1, 128, 132), 1);
}

}  // namespace
}  // namespace pingjia::kernels::cuda

#include "kernels/gemm/grouped_fp8_cuda.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "kernels/cuda/fp8.cuh"
#include "kernels/gemm/fp8_weights.h"
#include "tests/kernels/cuda/emulator.h"
#include "tests/kernels/cuda/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

TEST(E4m3, EveryCodeIsItsOwnNearest) {
  for (int code = 0; code < 256; ++code) {
    const auto bits = static_cast<E4m3Bits>(code);
    if ((bits & 0x7f) == 0x7f) {
      EXPECT_TRUE(std::isnan(from_e4m3(bits)));
      continue;
    }
    EXPECT_EQ(to_e4m3(from_e4m3(bits)), bits) << code;
  }
  EXPECT_EQ(from_e4m3(0x7e), 448);
  EXPECT_EQ(from_e4m3(0x01), 0x1p-9F);
  EXPECT_EQ(from_e4m3(0x08), 0x1p-6F);
}

TEST(E4m3, RoundsToNearestAndTiesToEven) {
  for (int code = 0; code < 0x7e; ++code) {
    const float below = from_e4m3(static_cast<E4m3Bits>(code));
    const float above = from_e4m3(static_cast<E4m3Bits>(code + 1));
    const float middle = (below + above) / 2;
    EXPECT_EQ(to_e4m3(middle), code + code % 2) << code;
    EXPECT_EQ(to_e4m3(std::nextafter(middle, 0.0F)), code);
    EXPECT_EQ(to_e4m3(-std::nextafter(middle, 1e9F)), (code + 1) | 0x80);
  }
}

TEST(E4m3, SaturatesAndKeepsNan) {
  EXPECT_EQ(to_e4m3(1e9F), 0x7e);
  EXPECT_EQ(to_e4m3(-std::numeric_limits<float>::infinity()), 0xfe);
  EXPECT_EQ(to_e4m3(std::numeric_limits<float>::quiet_NaN()), 0x7f);
  EXPECT_EQ(to_e4m3(0), 0);
}

TEST(Fp8Weights, EachBlockHasItsScaleAndItsLargestIsExact) {
  constexpr std::int64_t kExperts = 2, kColumns = 200, kK = 272;
  Guarded<Bf16Bits> weights(kExperts * kColumns * kK);
  fill_normal(weights, 1, "weights");
  for (std::int64_t column = 128; column < kColumns; ++column) {
    for (std::int64_t at = 256; at < kK; ++at) weights[column * kK + at] = 0;
  }
  Threads threads(2);
  const auto made =
      fp8_weights(reinterpret_cast<const Bf16*>(weights.data()), kExperts, kColumns, kK, threads);
  ASSERT_EQ(made.scales.size(), 2u * 2 * 3);
  EXPECT_EQ(made.scales[5], 0) << "a block of zeros";
  for (std::int64_t expert = 0; expert < kExperts; ++expert) {
    for (std::int64_t column = 0; column < kColumns; ++column) {
      for (std::int64_t at = 0; at < kK; ++at) {
        const double wanted = widen(weights[(expert * kColumns + column) * kK + at]);
        // Half a step of three bits of mantissa, or of the smallest numbers: 2^-10 of 448 scales.
        const auto scale =
            made.scales[static_cast<std::size_t>((expert * 2 + column / 128) * 3 + at / 128)];
        ASSERT_NEAR(made.value(expert, column, at), wanted,
                    std::max(std::abs(wanted) / 16, 0x1p-10 * double{scale}) * 1.001);
      }
    }
  }
}

struct Case {
  std::vector<int> expert_of_block;
  int block = 16;
  int columns = 8;
  int k = 128;
};

/// Rows quantized by quantize_fp8, weights by fp8_weights; the product against the definition over
/// what those two left.
class Product {
 public:
  explicit Product(const Case& the)
      : the_(the),
        blocks_(static_cast<int>(the.expert_of_block.size())),
        groups_((the.k + 127) / 128),
        rows_(blocks_ * the.block),
        in_(std::int64_t{rows_} * the.k),
        a_(std::int64_t{rows_} * the.k),
        scales_(std::int64_t{rows_} * groups_),
        out_(std::int64_t{rows_} * the.columns) {
    fill_normal(in_, 8, "a");
    Guarded<Bf16Bits> weights(std::int64_t{kExperts} * the.columns * the.k);
    fill_normal(weights, 8, "weights", 0.1);
    Threads threads(1);
    weights_ = fp8_weights(reinterpret_cast<const Bf16*>(weights.data()), kExperts, the.columns,
                           the.k, threads);
  }

  double error() {
    quantize_fp8(
        {.in = in_.data(), .out = a_.data(), .scales = scales_.data(), .rows = rows_, .k = the_.k},
        nullptr);
    Guarded<std::uint8_t> values(std::ssize(weights_.values));
    Guarded<float> weight_scales(std::ssize(weights_.scales));
    std::copy(weights_.values.begin(), weights_.values.end(), values.data());
    std::copy(weights_.scales.begin(), weights_.scales.end(), weight_scales.data());
    grouped_fp8_gemm({.a = a_.data(),
                      .a_scales = scales_.data(),
                      .weights = values.data(),
                      .weight_scales = weight_scales.data(),
                      .out = out_.data(),
                      .expert_of_block = the_.expert_of_block.data(),
                      .blocks = &blocks_,
                      .most_blocks = blocks_ + 2,  // Launched for, and not there.
                      .block = the_.block,
                      .columns = the_.columns,
                      .k = the_.k},
                     nullptr);
    std::vector<double> expected;
    for (int row = 0; row < rows_; ++row) {
      for (int column = 0; column < the_.columns; ++column) expected.push_back(dot(row, column));
    }
    return relative_error(out_, expected);
  }

  double a_value(int row, int at) {
    return double{from_e4m3(a_[std::int64_t{row} * the_.k + at])} *
           scales_[std::int64_t{row} * groups_ + at / 128];
  }
  Bf16Bits& in(int row, int at) { return in_[std::int64_t{row} * the_.k + at]; }
  float scale(int row, int group) { return scales_[std::int64_t{row} * groups_ + group]; }

 private:
  static constexpr int kExperts = 3;

  double dot(int row, int column) {
    const int expert = the_.expert_of_block[static_cast<std::size_t>(row / the_.block)];
    double sum = 0;
    for (int i = 0; i < the_.k; ++i) sum += a_value(row, i) * weights_.value(expert, column, i);
    return sum;
  }

  Case the_;
  int blocks_, groups_, rows_;
  Guarded<Bf16Bits> in_;
  Guarded<std::uint8_t> a_;
  Guarded<float> scales_;
  Guarded<Bf16Bits> out_;
  Fp8Weights weights_;
};

double error_of(const Case& the) {
  return Product(the).error();
}

constexpr double kTolerance = 2.5e-3;  // One rounding to bf16.

TEST(QuantizeFp8, ScalesEachGroupByItsLargest) {
  Product run({.expert_of_block = {0, 1}, .columns = 8, .k = 208});
  for (int at = 128; at < 208; ++at) run.in(3, at) = 0;
  // So small that its inverse is no number.
  for (int at = 128; at < 208; ++at) run.in(4, at) = at == 150 ? 1 : 0;
  EXPECT_LT(run.error(), kTolerance);
  EXPECT_EQ(run.scale(3, 1), 0) << "a group of zeros";
  for (int row = 0; row < 32; ++row) {
    for (int group = 0; group < 2; ++group) {
      float most = 0;
      for (int at = 128 * group; at < std::min(208, 128 * group + 128); ++at) {
        const float wanted = widen(run.in(row, at));
        most = std::max(most, std::abs(wanted));
        // Half a step; a group below all scales may be zeros.
        EXPECT_NEAR(
            run.a_value(row, at), wanted,
            std::max(std::abs(wanted) / 16, 0x1p-10F * run.scale(row, group)) * 1.001 + 0x1p-100);
      }
      EXPECT_FLOAT_EQ(run.scale(row, group), most / 448);
    }
  }
}

TEST(GroupedFp8, HasEachBlockOfRows) {
  for (const int block : {16, 64, 128}) {
    EXPECT_LT(error_of({.expert_of_block = {0, 2}, .block = block, .columns = 136, .k = 272}),
              kTolerance)
        << block;
  }
}

TEST(GroupedFp8, TakesUglySizes) {
  EXPECT_LT(error_of({.expert_of_block = {2}, .columns = 8, .k = 16}), kTolerance);
  EXPECT_LT(error_of({.expert_of_block = {0}, .columns = 264, .k = 912}), kTolerance);
  EXPECT_LT(error_of({.expert_of_block = {1}, .block = 64, .columns = 128, .k = 128}), kTolerance);
}

TEST(GroupedFp8, EqualsTheDefinitionOnRandomShapes) {
  harness::Rng rng(5, "shapes");
  for (int trial = 0; trial < 12; ++trial) {
    const auto below = [&](std::uint64_t most) { return static_cast<int>(rng.below(most)); };
    Case the{.expert_of_block = {}, .block = below(3) == 0 ? 64 : 16};
    for (int expert = 0; expert < 3; ++expert) {
      the.expert_of_block.insert(the.expert_of_block.end(), static_cast<std::size_t>(below(3)),
                                 expert);
    }
    the.columns = 8 * (1 + below(40));
    the.k = 16 * (1 + below(40));
    EXPECT_LT(error_of(the), kTolerance)
        << the.expert_of_block.size() << " " << the.columns << " " << the.k;
  }
}

TEST(GroupedFp8, ExpertsMayBeEmptyAndOneMayTakeAll) {
  EXPECT_LT(error_of({.expert_of_block = std::vector<int>(11, 2), .columns = 144}), kTolerance);
  EXPECT_LT(error_of({.expert_of_block = {0, 0, 2, 2, 2, 2, 2, 2, 2, 2}, .columns = 136}),
            kTolerance);
  EXPECT_EQ(error_of({.expert_of_block = {}, .columns = 136}), 0);
}

TEST(GroupedFp8, TheOrderInWhichThreadsRunChangesNothing) {
  const Case the{.expert_of_block = {1}, .block = 64, .columns = 128, .k = 640};
  const double first = error_of(the);
  for (const std::uint64_t seed : {2u, 3u}) {
    set_emulation_seed(seed);
    EXPECT_EQ(error_of(the), first);
  }
}

TEST(GroupedFp8, RefusesWhatItDoesNotHave) {
  EXPECT_THROW(error_of({.expert_of_block = {0}, .k = 24}), std::invalid_argument);
  EXPECT_THROW(error_of({.expert_of_block = {0}, .columns = 12}), std::invalid_argument);
  EXPECT_THROW(error_of({.expert_of_block = {0}, .block = 32}), std::invalid_argument);
}

}  // namespace
}  // namespace pingjia::kernels::cuda

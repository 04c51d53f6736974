#include "kernels/compare/products.h"

#include <gtest/gtest.h>

#include "kernels/closeness.h"
#include "tests/kernels/gemm/expect_product.h"
#include "tests/kernels/instrumented.h"

namespace pingjia::kernels {
namespace {

template <class T>
void expect_all_right(const std::vector<ProductMaker<T>>& makers, double tolerance) {
  if (kThreadsAreWatched) GTEST_SKIP() << kWatchedReason;
  std::string absent;
  for (const auto& maker : makers) {
    EXPECT_FALSE(maker.ours);
    if (!maker.absent.empty()) {
      absent += maker.implementation + ": " + maker.absent + "\n";
      continue;
    }
    for (const int count : {1, 2}) {
      Threads threads(count);
      for (const GemmShape& shape :
           {GemmShape{1, 1, 1}, GemmShape{1, 300, 129}, GemmShape{33, 31, 65}, GemmShape{2, 700, 3},
            GemmShape{130, 70, 520}}) {
        expect_product(shape, maker, threads, tolerance);
      }
    }
  }
  if (!absent.empty()) GTEST_SKIP() << absent;
}

TEST(OtherProducts, EqualTheDefinitionInBf16) {
  expect_all_right(other_bf16_products(), kBf16Tolerance);
}

TEST(OtherProducts, EqualTheDefinitionInFp32) {
  expect_all_right(other_fp32_products(), kFp32Tolerance);
}

TEST(OtherProducts, EqualTheDefinitionWithTheirRoundedWeights) {
  if (kThreadsAreWatched) GTEST_SKIP() << kWatchedReason;
  Threads threads(2);
  for (const int bits : {8, 4}) {
    for (const auto& maker : other_weight_only_products(bits)) {
      EXPECT_FALSE(maker.ours);
      if (!maker.absent.empty()) GTEST_SKIP() << maker.implementation << ": " << maker.absent;
      for (const GemmShape& shape :
           {GemmShape{1, 1, 32}, GemmShape{16, 70, 512}, GemmShape{33, 31, 96}}) {
        // ggml's Q4_0 has -8 and no 8: half of the largest weights lie a whole step away.
        expect_weight_only(shape, bits, maker, threads, 1);
      }
    }
  }
}

}  // namespace
}  // namespace pingjia::kernels

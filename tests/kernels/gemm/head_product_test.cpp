#include "kernels/gemm/head_product.h"

#include <gtest/gtest.h>

#include "kernels/closeness.h"
#include "kernels/compare/products.h"
#include "kernels/measure/guarded.h"
#include "tests/kernels/instrumented.h"

namespace pingjia::kernels {
namespace {

std::vector<double> expected_of(const HeadShape& shape, const Bf16* a, const Bf16* weights) {
  std::vector<double> out;
  for (std::int64_t row = 0; row < shape.rows; ++row) {
    for (std::int64_t head = 0; head < shape.heads; ++head) {
      for (std::int64_t column = 0; column < shape.columns; ++column) {
        double sum = 0;
        for (std::int64_t i = 0; i < shape.k; ++i) {
          const Bf16 weight = weights[(head * shape.columns + column) * shape.k + i];
          sum += static_cast<double>(to_float(a[(row * shape.heads + head) * shape.k + i])) *
                 static_cast<double>(to_float(weight));
        }
        out.push_back(sum);
      }
    }
  }
  return out;
}

void expect_right(const HeadShape& shape, const HeadProductMaker& maker, Threads& threads) {
  Guarded a(shape.rows * shape.heads * shape.k * 2);
  Guarded out(shape.rows * shape.heads * shape.columns * 2);
  std::vector<Bf16> weights(static_cast<std::size_t>(shape.heads * shape.columns * shape.k));
  fill_normals(a.span<Bf16>(), "a");
  fill_normals(std::span<Bf16>(weights), "weights");
  const auto expected = expected_of(shape, a.as<Bf16>(), weights.data());
  const auto product = maker.make(shape, weights.data(), threads);
  std::fill(weights.begin(), weights.end(), Bf16{});
  product->run(a.as<Bf16>(), out.as<Bf16>());
  std::vector<float> actual;
  for (const Bf16 value : out.span<Bf16>()) actual.push_back(to_float(value));
  const auto difference = difference_over(actual, expected, kBf16Tolerance);
  EXPECT_FALSE(difference) << maker.implementation << " " << shape.rows << " rows of "
                           << shape.heads << " heads, " << shape.columns << "x" << shape.k << ": "
                           << difference.value_or("");
  EXPECT_TRUE(a.is_intact() && out.is_intact());
}

TEST(HeadProduct, EqualsTheDefinition) {
  for (const int count : {1, 2}) {
    Threads threads(count);
    for (const HeadShape& shape :
         {HeadShape{1, 1, 1, 1}, HeadShape{1, 5, 64, 32}, HeadShape{16, 3, 33, 65},
          HeadShape{33, 2, 70, 128}, HeadShape{70, 7, 16, 48}}) {
      for (const auto& maker : our_head_products()) expect_right(shape, maker, threads);
      if (kThreadsAreWatched) continue;
      for (const auto& maker : other_head_products()) {
        if (maker.absent.empty()) expect_right(shape, maker, threads);
      }
    }
  }
}

TEST(HeadProduct, CountsItsWork) {
  const HeadShape shape{16, 128, 512, 128};
  EXPECT_EQ(shape.flops(), 2.0 * 16 * 128 * 512 * 128);
  EXPECT_EQ(shape.minimum_bytes(), 2.0 * 128 * (512 * 128 + 16 * (512 + 128)));
}

}  // namespace
}  // namespace pingjia::kernels

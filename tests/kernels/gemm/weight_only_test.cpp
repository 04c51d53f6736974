#include "kernels/gemm/weight_only.h"

#include <gtest/gtest.h>

#include <cmath>

#include "kernels/gemm/quantized_weights.h"
#include "kernels/gemm/weight_rows.h"
#include "tests/kernels/gemm/expect_product.h"

namespace pingjia::kernels {
namespace {

class WeightOnly : public testing::TestWithParam<int> {};

TEST_P(WeightOnly, EqualsTheDefinitionWithItsRoundedWeights) {
  for (const GemmShape& shape :
       {GemmShape{1, 1, 1}, GemmShape{1, 70, 300}, GemmShape{16, 33, 128}, GemmShape{33, 31, 129},
        GemmShape{70, 64, 520}, GemmShape{2, 96, 31}}) {
    for (const int count : {1, 3}) {
      Threads threads(count);
      for (const auto& maker : our_weight_only_products(GetParam())) {
        expect_weight_only(shape, GetParam(), maker, threads);
      }
    }
  }
}

TEST_P(WeightOnly, ReadsFewerBytesThanBf16) {
  Threads threads(1);
  const GemmShape shape{1, 64, 256};
  const auto weights = random_weights<Bf16>(shape);
  const QuantizedWeights quantized(GetParam(), weights.data(), shape.columns, shape.k, threads);
  // 64 columns of 256 weights, and a scale of 2 bytes for each 128 of them.
  EXPECT_EQ(quantized.memory().size(), 64U * 256U * static_cast<unsigned>(GetParam()) / 8 + 256);
  EXPECT_EQ(weight_only_bytes(shape, GetParam()),
            64.0 * 256 * GetParam() / 8 + 256 + 2 * (64 + 256));
}

// By hand: a group whose largest weight is the largest integer, so that its step is known.
TEST_P(WeightOnly, RoundsToTheNearestInteger) {
  const float largest = GetParam() == 8 ? 127 : 7;
  std::vector<Bf16> column;
  for (const float value : {largest, -largest, 0.4F, 0.6F, -1.4F, 0.0F, 3.0F}) {
    column.push_back(to_bf16(value));
  }
  Threads threads(1);
  const QuantizedWeights quantized(GetParam(), column.data(), 1, 7, threads);
  std::vector<float> rounded(7);
  quantized.dequantize(0, rounded.data());
  EXPECT_EQ(rounded, (std::vector<float>{largest, -largest, 0, 1, -1, 0, 3}));
}

TEST_P(WeightOnly, KeepsAColumnOfZeros) {
  const std::vector<Bf16> zeros(200);
  Threads threads(1);
  const QuantizedWeights quantized(GetParam(), zeros.data(), 1, 200, threads);
  std::vector<float> rounded(200, 1);
  quantized.dequantize(0, rounded.data());
  EXPECT_EQ(rounded, std::vector<float>(200, 0));
}

INSTANTIATE_TEST_SUITE_P(Bits, WeightOnly, testing::Values(8, 4),
                         [](const auto& param) { return "Of" + std::to_string(param.param); });

}  // namespace
}  // namespace pingjia::kernels

#include "kernels/layer/sampling.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace pingjia::kernels {
namespace {

// Chances 0.5, 0.25, 0.125, 0.125, in an order of their own.
const std::vector<float> kLogits = {std::log(0.125F), std::log(0.5F), std::log(0.125F),
                                    std::log(0.25F)};

std::int32_t draw(double uniform, const SamplingRule& rule = {}) {
  return sample_token(kLogits, rule, uniform);
}

TEST(SampleToken, DrawsByTheChancesFromTheMostLikelyDown) {
  EXPECT_EQ(draw(0), 1);
  EXPECT_EQ(draw(0.499), 1);
  EXPECT_EQ(draw(0.501), 3);
  EXPECT_EQ(draw(0.749), 3);
  EXPECT_EQ(draw(0.751), 0);
  EXPECT_EQ(draw(0.876), 2);
  EXPECT_EQ(draw(0.9999999), 2);
}

TEST(SampleToken, KeepsTheTopK) {
  // Two are left: 2/3 and 1/3.
  EXPECT_EQ(draw(0.66, {.top_k = 2}), 1);
  EXPECT_EQ(draw(0.67, {.top_k = 2}), 3);
  EXPECT_EQ(draw(0.999, {.top_k = 2}), 3);
  EXPECT_EQ(draw(0.999, {.top_k = 1}), 1);
  EXPECT_EQ(draw(0.999, {.top_k = 99}), 2);
}

TEST(SampleToken, KeepsTheNucleus) {
  EXPECT_EQ(draw(0.999, {.top_p = 0.5F}), 1);
  EXPECT_EQ(draw(0.999, {.top_p = 0.6F}), 3);
  EXPECT_EQ(draw(0.999, {.top_p = 0.8F}), 0);
  EXPECT_EQ(draw(0.999, {.top_p = 0}), 1);
}

TEST(SampleToken, SharpensWithALowTemperature) {
  // Squared chances: 16, 4, 1, 1 of 22.
  EXPECT_EQ(draw(15.9 / 22, {.temperature = 0.5F}), 1);
  EXPECT_EQ(draw(16.1 / 22, {.temperature = 0.5F}), 3);
}

}  // namespace
}  // namespace pingjia::kernels

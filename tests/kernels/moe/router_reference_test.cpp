#include "kernels/moe/router_reference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace pingjia::kernels {
namespace {

// ln 1, ln 2, ln 4, ln 1: probabilities 1/8, 1/4, 1/2, 1/8.
const std::vector<float> kLogits{0, std::log(2.0f), std::log(4.0f), 0};

TEST(RouterReference, TakesTheBestOfTheSoftmax) {
  std::vector<std::int32_t> chosen(3);
  std::vector<double> weights(3);
  router_reference({.tokens = 1, .experts = 4, .top_k = 3, .normalised = false}, kLogits, {},
                   chosen, weights);
  EXPECT_EQ(chosen, (std::vector<std::int32_t>{2, 1, 0}));  // 0 and 3 are equal: the lower one.
  EXPECT_NEAR(weights[0], 0.5, 1e-6);
  EXPECT_NEAR(weights[1], 0.25, 1e-6);
  EXPECT_NEAR(weights[2], 0.125, 1e-6);
}

TEST(RouterReference, ABiasChoosesAndDoesNotWeigh) {
  std::vector<std::int32_t> chosen(2);
  std::vector<double> weights(2);
  const std::vector<float> bias{9, 0, 0, 0};
  router_reference({.tokens = 1, .experts = 4, .top_k = 2, .sigmoid = true, .scale = 2}, kLogits,
                   bias, chosen, weights);
  EXPECT_EQ(chosen, (std::vector<std::int32_t>{0, 2}));
  // 1/2 and 4/5, to the sum 2.
  EXPECT_NEAR(weights[0], 2 * 0.5 / 1.3, 1e-6);
  EXPECT_NEAR(weights[1], 2 * 0.8 / 1.3, 1e-6);
}

TEST(RouterReference, AGroupIsAsGoodAsItsTwoBest) {
  // The best expert is 0, but 3 and 4 together are better than 0 and 1.
  const std::vector<float> logits{1.0f, -9, -9, 0.9f, 0.8f, -9};
  std::vector<std::int32_t> chosen(1);
  std::vector<double> weights(1);
  router_reference(
      {.tokens = 1, .experts = 6, .top_k = 1, .sigmoid = true, .groups = 2, .kept_groups = 1},
      logits, {}, chosen, weights);
  EXPECT_EQ(chosen[0], 3);
  EXPECT_NEAR(weights[0], 1, 1e-12);
}

}  // namespace
}  // namespace pingjia::kernels

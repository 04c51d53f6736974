#include "adapters/engines/token_sampler.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace pingjia::adapters::engines {
namespace {

TEST(TokenSampler, TakesTheFirstOfEquals) {
  EXPECT_EQ(most_likely(std::array{0.5F, 2.0F, 2.0F, -1.0F}), 1);
  EXPECT_EQ(TokenSampler(harness::Sampling{}).draw(std::array{-3.0F, -2.0F, -2.5F}), 1);
}

TEST(TokenSampler, LogProbabilityIsThatOfSoftmax) {
  const std::array logits = {1000.0F, 1001.0F, 998.0F};
  const double sum = 1 + std::exp(1.0) + std::exp(-2.0);
  EXPECT_NEAR(log_probability(logits, 0), -std::log(sum), 1e-12);
  EXPECT_NEAR(log_probability(logits, 1), 1 - std::log(sum), 1e-12);
  EXPECT_NEAR(log_probability(logits, 2), -2 - std::log(sum), 1e-12);
}

TEST(TokenSampler, TakesTheOneSeedThatMeansRandomAsAnyOther) {
  harness::Sampling sampling;
  sampling.temperature = 1;
  sampling.seed = 0xFFFFFFFF;
  const std::array logits = {0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F};
  TokenSampler first(sampling);
  TokenSampler second(sampling);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(first.draw(logits), second.draw(logits));
  }
}

}  // namespace
}  // namespace pingjia::adapters::engines

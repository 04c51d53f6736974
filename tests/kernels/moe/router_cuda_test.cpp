#include "kernels/moe/router_cuda.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "kernels/moe/router_reference.h"
#include "tests/kernels/cuda/emulator.h"
#include "tests/kernels/cuda/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

// Routes random logits, and compares each token's choice.
void expect_right(RouterCall call, bool with_bias = false) {
  Guarded<float> logits(std::int64_t{call.tokens} * call.experts), bias(call.experts);
  Guarded<int> chosen(std::int64_t{call.tokens} * call.top);
  Guarded<float> weights(chosen.size());
  harness::Rng rng(4, "router");
  for (int i = 0; i < logits.size(); ++i) logits[i] = static_cast<float>(rng.normal());
  for (int i = 0; i < bias.size(); ++i) bias[i] = static_cast<float>(rng.normal() * 0.3);
  call.logits = logits.data(), call.bias = with_bias ? bias.data() : nullptr;
  call.chosen = chosen.data(), call.weights = weights.data();
  route(call, nullptr);
  const RoutingRule shape{.tokens = call.tokens,
                          .experts = call.experts,
                          .top_k = call.top,
                          .sigmoid = call.sigmoid,
                          .normalised = call.normalised,
                          .scale = call.scale,
                          .groups = call.groups,
                          .kept_groups = call.kept_groups};
  const auto experts = static_cast<std::size_t>(call.experts);
  std::vector<std::int32_t> expected(static_cast<std::size_t>(call.top));
  std::vector<double> expected_weights(expected.size());
  for (int token = 0; token < call.tokens; ++token) {
    router_reference(shape, {logits.data() + std::int64_t{token} * call.experts, experts},
                     {bias.data(), with_bias ? experts : 0}, expected, expected_weights);
    for (int i = 0; i < call.top; ++i) {
      EXPECT_EQ(chosen[token * call.top + i], expected[i]) << token << " " << i;
      EXPECT_NEAR(weights[token * call.top + i], expected_weights[i], 1e-5);
    }
  }
}

TEST(RouterCuda, ChoosesAsMixtralAndQwenDo) {
  expect_right({.tokens = 9, .experts = 8, .top = 2});
  expect_right({.tokens = 5, .experts = 128, .top = 8});
  expect_right({.tokens = 3, .experts = 128, .top = 4, .normalised = false});
}

TEST(RouterCuda, ChoosesAsDeepSeekDoes) {
  expect_right({.tokens = 6,
                .experts = 256,
                .top = 8,
                .sigmoid = true,
                .scale = 2.5f,
                .groups = 8,
                .kept_groups = 4},
               true);
}

TEST(RouterCuda, TakesUglyCounts) {
  expect_right({.tokens = 1, .experts = 1, .top = 1});
  expect_right({.tokens = 2, .experts = 33, .top = 32});
  expect_right({.tokens = 2, .experts = 512, .top = 1, .sigmoid = true}, true);
  expect_right({.tokens = 3, .experts = 12, .top = 3, .groups = 12, .kept_groups = 4});
  expect_right({.tokens = 2, .experts = 40, .top = 20, .groups = 2, .kept_groups = 1});
  expect_right({.tokens = 0, .experts = 8, .top = 2});
}

TEST(RouterCuda, EqualScoresGoToTheLowerNumber) {
  Guarded<float> logits(64), weights(3);
  Guarded<int> chosen(3);
  for (int i = 0; i < 64; ++i) logits[i] = i == 40 ? 1.0f : 0.0f;
  route({.logits = logits.data(),
         .chosen = chosen.data(),
         .weights = weights.data(),
         .tokens = 1,
         .experts = 64,
         .top = 3},
        nullptr);
  EXPECT_EQ(std::vector<int>(chosen.data(), chosen.data() + 3), (std::vector<int>{40, 0, 1}));
}

TEST(RouterCuda, ANanIsNeverChosenBeforeANumber) {
  Guarded<float> logits(4), weights(4);
  Guarded<int> chosen(4);
  logits[0] = NAN, logits[1] = -3, logits[2] = 2, logits[3] = -INFINITY;
  route({.logits = logits.data(),
         .chosen = chosen.data(),
         .weights = weights.data(),
         .tokens = 1,
         .experts = 4,
         .top = 4},
        nullptr);
  EXPECT_EQ(std::vector<int>(chosen.data(), chosen.data() + 4), (std::vector<int>{2, 1, 0, 3}));
  EXPECT_NEAR(weights[0] + weights[1], 1, 1e-6);
}

TEST(RouterCuda, RefusesWhatItDoesNotHave) {
  for (const RouterCall& call : {RouterCall{.experts = 513}, RouterCall{.experts = 8, .top = 9},
                                 RouterCall{.experts = 8, .top = 2, .groups = 3},
                                 RouterCall{.experts = 8, .top = 3, .groups = 4}}) {
    EXPECT_THROW(route(call, nullptr), std::invalid_argument);
  }
}

}  // namespace
}  // namespace pingjia::kernels::cuda

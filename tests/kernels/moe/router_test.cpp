#include "kernels/moe/router.h"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/base/rng.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels {
namespace {

struct Choice {
  std::vector<std::int32_t> experts;
  std::vector<float> weights;
};

Choice choose(const RouterShape& shape, const std::vector<float>& logits,
              const std::vector<float>& bias = {}) {
  Choice choice;
  choice.experts.resize(static_cast<std::size_t>(shape.top_k));
  choice.weights.resize(static_cast<std::size_t>(shape.top_k));
  choose_experts(shape, logits.data(), bias.empty() ? nullptr : bias.data(), choice.experts.data(),
                 choice.weights.data());
  return choice;
}

using Experts = std::vector<std::int32_t>;

TEST(ChooseExperts, BySoftmaxWithWeightsThatSumToOne) {
  // Chances 0.1, 0.4, 0.2, 0.3.
  const auto choice = choose({.experts = 4, .top_k = 2},
                             {std::log(1.0F), std::log(4.0F), std::log(2.0F), std::log(3.0F)});
  EXPECT_EQ(choice.experts, (Experts{1, 3}));
  EXPECT_NEAR(choice.weights[0], 4.0 / 7, 1e-6);
  EXPECT_NEAR(choice.weights[1], 3.0 / 7, 1e-6);
}

TEST(ChooseExperts, BySigmoidWithABiasThatWeighsNothing) {
  // Sigmoids 0.5, 0.75, 0.25, 0.5; the bias lifts the third over all.
  const auto choice = choose({.experts = 4, .top_k = 2, .sigmoid = true, .scale = 2.5F},
                             {0, std::log(3.0F), -std::log(3.0F), 0}, {0, 0, 1, 0});
  EXPECT_EQ(choice.experts, (Experts{2, 1}));
  EXPECT_NEAR(choice.weights[0], 2.5 * 0.25, 1e-6);
  EXPECT_NEAR(choice.weights[1], 2.5 * 0.75, 1e-6);
}

TEST(ChooseExperts, InGroupsWithTheBestTwo) {
  // Three groups of three: the second has the best expert, the third the best pair.
  const std::vector<float> logits = {0.1F, 0.2F, 0.1F, 3.0F, -5, -5, 2.0F, 1.9F, 1.8F};
  RouterShape shape{.experts = 9, .top_k = 3, .sigmoid = true, .groups = 3, .top_groups = 1};
  EXPECT_EQ(choose(shape, logits).experts, (Experts{6, 7, 8}));
  shape.top_groups = 2;
  // sigmoid(3) + sigmoid(-5) is 0.96; of the first group's best two, 1.07.
  EXPECT_EQ(choose(shape, logits).experts, (Experts{6, 7, 8}));
  shape.top_groups = 3;
  EXPECT_EQ(choose(shape, logits).experts, (Experts{3, 6, 7}));
}

TEST(ChooseExperts, OfEqualOnesTheLowerNumber) {
  EXPECT_EQ(choose({.experts = 5, .top_k = 3}, {1, 1, 1, 1, 1}).experts, (Experts{0, 1, 2}));
}

TEST(Router, ChoosesFromTheLogitsOfItsProduct) {
  harness::Rng rng(1, "router");
  for (const Isa isa : kEveryIsa) {
    for (int i = 0; i < 6 && is_here(isa); ++i) {
      RouterShape shape;
      shape.tokens = static_cast<std::int64_t>(1 + rng.below(70));
      shape.hidden = static_cast<std::int64_t>(1 + rng.below(90));
      shape.experts = static_cast<std::int64_t>(2 + rng.below(50));
      shape.top_k = 2;
      std::vector<Bf16> weights(static_cast<std::size_t>(shape.experts * shape.hidden));
      std::vector<Bf16> x(static_cast<std::size_t>(shape.tokens * shape.hidden));
      fill_normals(std::span(weights), "weights");
      fill_normals(std::span(x), "x");
      Guarded experts(shape.tokens * 8), factors(shape.tokens * 8);
      Threads threads(2);
      Router(isa, shape, weights.data(), nullptr, threads)
          .run(x.data(), experts.as<std::int32_t>(), factors.as<float>());
      for (std::int64_t token = 0; token < shape.tokens; ++token) {
        std::vector<float> logits;
        for (std::int64_t e = 0; e < shape.experts; ++e) {
          double sum = 0;
          for (std::int64_t j = 0; j < shape.hidden; ++j) {
            sum += static_cast<double>(
                       to_float(weights[static_cast<std::size_t>(e * shape.hidden + j)])) *
                   static_cast<double>(
                       to_float(x[static_cast<std::size_t>(token * shape.hidden + j)]));
          }
          logits.push_back(static_cast<float>(sum));
        }
        const Choice expected = choose(shape, logits);
        EXPECT_EQ(experts.as<std::int32_t>()[token * 2], expected.experts[0]);
        EXPECT_EQ(experts.as<std::int32_t>()[token * 2 + 1], expected.experts[1]);
        EXPECT_NEAR(factors.as<float>()[token * 2], expected.weights[0], 1e-3);
      }
      EXPECT_TRUE(experts.is_intact() && factors.is_intact());
    }
  }
}

}  // namespace
}  // namespace pingjia::kernels

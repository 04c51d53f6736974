#include "kernels/moe/router_cuda.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "tests/kernels/cuda/emulator.h"
#include "tests/kernels/cuda/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

struct Choice {
  std::vector<int> experts;
  std::vector<double> weights;
};

// By the definition, in fp64: scores, groups, the best, their weights.
Choice expected_of(const RouterCall& call, int token) {
  std::vector<double> scores(call.logits + token * call.experts,
                             call.logits + (token + 1) * call.experts);
  double sum = 0;
  for (double& score : scores) {
    score = call.sigmoid ? 1 / (1 + std::exp(-score)) : std::exp(score);
    sum += score;
  }
  std::vector<double> choice(scores);
  for (int i = 0; i < call.experts; ++i) {
    if (!call.sigmoid) choice[i] = scores[i] /= sum;
    if (call.bias != nullptr) choice[i] += call.bias[i];
  }
  const int size = call.experts / call.groups;
  std::vector<std::pair<double, int>> groups;
  for (int group = 0; group < call.groups; ++group) {
    std::vector<double> members(choice.begin() + group * size, choice.begin() + (group + 1) * size);
    std::sort(members.rbegin(), members.rend());
    groups.emplace_back(-(members[0] + (size > 1 ? members[1] : 0)), group);
  }
  std::sort(groups.begin(), groups.end());
  std::vector<std::pair<double, int>> open;
  for (int i = 0; i < call.kept_groups; ++i) {
    const int first = groups[i].second * size;
    for (int expert = first; expert < first + size; ++expert) {
      open.emplace_back(-choice[expert], expert);
    }
  }
  std::sort(open.begin(), open.end());
  Choice best;
  double whole = 0;
  for (int i = 0; i < call.top; ++i) {
    best.experts.push_back(open[i].second);
    best.weights.push_back(scores[open[i].second]);
    whole += best.weights.back();
  }
  for (double& weight : best.weights) weight *= call.scale / (call.normalised ? whole : 1);
  return best;
}

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
  for (int token = 0; token < call.tokens; ++token) {
    const Choice expected = expected_of(call, token);
    for (int i = 0; i < call.top; ++i) {
      EXPECT_EQ(chosen[token * call.top + i], expected.experts[i]) << token << " " << i;
      EXPECT_NEAR(weights[token * call.top + i], expected.weights[i], 1e-5);
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

#include "kernels/moe/experts.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "harness/base/rng.h"
#include "kernels/closeness.h"
#include "kernels/measure/guarded.h"
#include "kernels/moe/reference.h"
#include "kernels/moe/routing.h"

namespace pingjia::kernels {
namespace {

void expect_right(const MoeShape& shape, const MadeRouting& routing) {
  Threads threads(2);
  const std::int64_t size = shape.experts * shape.intermediate * shape.hidden;
  Guarded gate_up(2 * size * 2), down(size * 2), x(shape.tokens * shape.hidden * 2);
  fill_normals(gate_up.span<Bf16>(), "gate_up", 1 / std::sqrt(shape.hidden));
  fill_normals(down.span<Bf16>(), "down", 1 / std::sqrt(shape.intermediate));
  fill_normals(x.span<Bf16>(), "x");
  const MoeWeights weights{gate_up.as<Bf16>(), down.as<Bf16>()};
  std::vector<double> expected(static_cast<std::size_t>(shape.tokens * shape.hidden));
  moe_reference(shape, weights, x.as<Bf16>(), routing.view(), 0, shape.tokens, expected.data());
  for (const MoeMaker& maker : our_moe_layers()) {
    Guarded out(shape.tokens * shape.hidden * 2);
    const auto layer = maker.make(shape, weights, threads);
    // Twice: the second call must not find what the first one left.
    layer->run(x.as<Bf16>(), routing.view(), out.as<Bf16>());
    layer->run(x.as<Bf16>(), routing.view(), out.as<Bf16>());
    std::vector<float> actual;
    for (const Bf16 value : out.span<Bf16>()) actual.push_back(to_float(value));
    const auto difference = difference_over(actual, expected, kBf16Tolerance);
    EXPECT_FALSE(difference) << maker.implementation << " tokens " << shape.tokens << " widths "
                             << shape.hidden << "/" << shape.intermediate << " experts "
                             << shape.experts << "/" << shape.top_k << ": "
                             << difference.value_or("");
    EXPECT_TRUE(out.is_intact());
  }
}

TEST(Experts, EqualTheDefinitionOnRandomShapes) {
  harness::Rng rng(1, "moe/shapes");
  const auto up_to = [&](std::int64_t most) {
    return static_cast<std::int64_t>(1 + rng.below(static_cast<std::uint64_t>(most)));
  };
  for (int i = 0; i < 16; ++i) {
    MoeShape shape;
    shape.tokens = up_to(i % 4 == 0 ? 90 : 9);
    shape.hidden = up_to(100);
    shape.intermediate = up_to(80);
    shape.experts = up_to(10);
    shape.top_k = up_to(std::min<std::int64_t>(shape.experts, 4));
    expect_right(shape, make_routing(shape, i % 2 == 0 ? 0 : 1.2, "routing"));
  }
}

TEST(Experts, MayAllBeEmptyButOne) {
  const MoeShape shape{300, 40, 48, 6, 1};
  MadeRouting routing;
  routing.experts.assign(300, 4);
  routing.weights.assign(300, 0.5F);
  expect_right(shape, routing);
}

TEST(Permutation, SortsTokensByExpert) {
  const MoeShape shape{3, 1, 1, 4, 2};
  const std::int32_t experts[] = {2, 0, 2, 3, 0, 2};
  const float weights[] = {1, 2, 3, 4, 5, 6};
  Permutation sorted;
  permute(shape, {experts, weights}, sorted);
  EXPECT_EQ(sorted.first, (std::vector<std::int64_t>{0, 2, 2, 5, 6}));
  EXPECT_EQ(sorted.token, (std::vector<std::int32_t>{0, 2, 0, 1, 2, 1}));
  EXPECT_EQ(sorted.weight, (std::vector<float>{2, 5, 1, 3, 6, 4}));
  EXPECT_EQ(sorted.count(1), 0);
  EXPECT_EQ(active_experts(shape, {experts, weights}), 3);
}

TEST(Routing, DrawsDistinctExpertsWithWeightsThatSumToOne) {
  const MoeShape shape{50, 1, 1, 16, 4};
  const MadeRouting routing = make_routing(shape, 1.2, "r");
  for (std::size_t token = 0; token < 50; ++token) {
    std::vector<std::int32_t> mine(
        routing.experts.begin() + static_cast<std::ptrdiff_t>(token * 4),
        routing.experts.begin() + static_cast<std::ptrdiff_t>(token * 4 + 4));
    std::sort(mine.begin(), mine.end());
    EXPECT_EQ(std::unique(mine.begin(), mine.end()), mine.end());
    EXPECT_TRUE(mine.front() >= 0 && mine.back() < 16);
    const auto weights = routing.weights.begin() + static_cast<std::ptrdiff_t>(token * 4);
    EXPECT_NEAR(std::accumulate(weights, weights + 4, 0.0), 1, 1e-6);
  }
}

/// Tokens of the busiest expert.
std::int64_t most_tokens(double exponent) {
  const MoeShape shape{400, 1, 1, 32, 2};
  const MadeRouting routing = make_routing(shape, exponent, "skew");
  std::vector<std::int64_t> counts(32, 0);
  for (const std::int32_t expert : routing.experts) ++counts[static_cast<std::size_t>(expert)];
  return *std::max_element(counts.begin(), counts.end());
}

TEST(Routing, SkewsWithItsExponent) {
  // Balanced: 25 on average, and hardly over 45; r^-1.2: the first of 32 is in most draws of two.
  EXPECT_LT(most_tokens(0), 50);
  EXPECT_GT(most_tokens(1.2), 150);
}

TEST(MoeShape, CountsFlopsAndBytes) {
  const MoeShape shape{128, 2048, 768, 128, 8};
  EXPECT_EQ(shape.flops(), 6.0 * 128 * 8 * 2048 * 768);
  EXPECT_EQ(shape.minimum_bytes(10, 2), 10 * 3.0 * 2048 * 768 * 2 + 2.0 * 128 * 2048 * 2);
}

}  // namespace
}  // namespace pingjia::kernels

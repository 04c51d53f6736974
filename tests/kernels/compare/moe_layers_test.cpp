#include "kernels/compare/moe_layers.h"

#include <gtest/gtest.h>

#include <cmath>

#include "kernels/closeness.h"
#include "kernels/measure/guarded.h"
#include "kernels/moe/reference.h"
#include "kernels/moe/routing.h"
#include "tests/kernels/instrumented.h"

namespace pingjia::kernels {
namespace {

void expect_right(const MoeShape& shape, const MadeRouting& routing, const MoeMaker& maker,
                  Threads& threads) {
  Guarded gate_up(shape.experts * 2 * shape.intermediate * shape.hidden * 2),
      down(shape.experts * shape.intermediate * shape.hidden * 2),
      x(shape.tokens * shape.hidden * 2), out(shape.tokens * shape.hidden * 2);
  fill_normals(gate_up.span<Bf16>(), "gate_up", 1 / std::sqrt(shape.hidden));
  fill_normals(down.span<Bf16>(), "down", 1 / std::sqrt(shape.intermediate));
  fill_normals(x.span<Bf16>(), "x");
  const MoeWeights weights{gate_up.as<Bf16>(), down.as<Bf16>()};
  std::vector<double> expected(static_cast<std::size_t>(shape.tokens * shape.hidden));
  moe_reference(shape, weights, x.as<Bf16>(), routing.view(), 0, shape.tokens, expected.data());
  const auto layer = maker.make(shape, weights, threads);
  layer->run(x.as<Bf16>(), routing.view(), out.as<Bf16>());
  std::vector<float> actual;
  for (const Bf16 value : out.span<Bf16>()) actual.push_back(to_float(value));
  const auto difference = difference_over(actual, expected, kBf16Tolerance);
  EXPECT_FALSE(difference) << maker.implementation << " tokens " << shape.tokens << " experts "
                           << shape.experts << ": " << difference.value_or("");
  EXPECT_TRUE(out.is_intact() && x.is_intact());
}

TEST(OtherMoeLayers, EqualTheDefinition) {
  if (kThreadsAreWatched) GTEST_SKIP() << kWatchedReason;
  Threads threads(2);
  std::string absent;
  for (const MoeMaker& maker : other_moe_layers()) {
    EXPECT_FALSE(maker.ours);
    if (!maker.absent.empty()) {
      absent += maker.implementation + ": " + maker.absent + "\n";
      continue;
    }
    // One token, odd sizes, most experts empty; many tokens on skewed experts; one takes all.
    for (const MoeShape& shape :
         {MoeShape{1, 65, 37, 9, 2}, MoeShape{50, 96, 48, 8, 3}, MoeShape{3, 64, 32, 64, 1}}) {
      expect_right(shape, make_routing(shape, 1.2, "compare"), maker, threads);
    }
    const MoeShape shape{21, 64, 40, 4, 1};
    MadeRouting all = make_routing(shape, 0, "compare");
    std::fill(all.experts.begin(), all.experts.end(), 2);
    expect_right(shape, all, maker, threads);
  }
  if (!absent.empty()) GTEST_SKIP() << absent;
}

}  // namespace
}  // namespace pingjia::kernels

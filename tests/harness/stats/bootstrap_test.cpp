#include "harness/stats/bootstrap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/base/rng.h"

namespace pingjia::harness {
namespace {

const std::vector<double> kCost{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9};
const std::vector<double> kRight{1, 0, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 0};

// Expected: scipy 1.17.1, bootstrap(method="BCa", n_resamples=0) of the distribution that a Python
// port of Rng(42, "bootstrap") draws.
TEST(BootstrapRatio, AgreesWithSciPysBca) {
  const Bootstrap result = bootstrap_ratio(kCost, kRight, {.seed = 42});
  EXPECT_EQ(result.method, "BCa");
  EXPECT_DOUBLE_EQ(result.estimate, 7.0);
  EXPECT_NEAR(result.interval.low, 5.230769230769231, 1e-9);
  EXPECT_NEAR(result.interval.high, 10.980507012722432, 1e-9);
}

TEST(BootstrapRatio, IsTheSameEveryTimeAndHangsOnTheSeed) {
  const Bootstrap once = bootstrap_ratio(kCost, kRight, {.seed = 1});
  const Bootstrap twice = bootstrap_ratio(kCost, kRight, {.seed = 1});
  const Bootstrap other = bootstrap_ratio(kCost, kRight, {.seed = 2});
  EXPECT_EQ(once.interval.low, twice.interval.low);
  EXPECT_EQ(once.interval.high, twice.interval.high);
  EXPECT_NE(once.interval.high, other.interval.high);
}

TEST(BootstrapRatio, HasNoWidthWhereNothingVaries) {
  const std::vector<double> same(20, 3.0);
  const std::vector<double> ones(20, 1.0);
  const Bootstrap result = bootstrap_ratio(same, ones, {});
  EXPECT_EQ(result.interval.low, 3);
  EXPECT_EQ(result.interval.high, 3);
  EXPECT_EQ(result.method, "percentile");
}

// One right answer in 20 may as well be none: Fieller's g is t^2 (1 - p) / (n - 1) p = 4.38.
TEST(BootstrapRatio, SaysWhereItsDenominatorIsNearZero) {
  std::vector<double> right(20, 0.0);
  right[3] = 1;
  const std::vector<double> cost(20, 1.0);
  const Bootstrap result = bootstrap_ratio(cost, right, {});
  EXPECT_EQ(result.state, RatioState::kDenominatorNearZero);
  EXPECT_FALSE(result.defined());
  EXPECT_TRUE(std::isnan(result.estimate));
  EXPECT_TRUE(std::isinf(result.interval.low));
  EXPECT_TRUE(std::isinf(result.interval.high));
  for (double& mark : right) mark = 0;
  EXPECT_FALSE(bootstrap_ratio(cost, right, {}).defined());
  for (std::size_t i = 0; i < 6; ++i) right[i] = 1;
  EXPECT_TRUE(bootstrap_ratio(cost, right, {}).defined());
}

TEST(BootstrapRatioOfRatios, HasNoNumberOverWhatIsFree) {
  const std::vector<double> nothing(kCost.size(), 0.0);
  EXPECT_FALSE(bootstrap_ratio_of_ratios({kCost, kRight, nothing, kRight}, {}).defined());
  EXPECT_FALSE(bootstrap_ratio_of_ratios({kCost, nothing, kCost, kRight}, {}).defined());
  EXPECT_TRUE(bootstrap_ratio_of_ratios({nothing, kRight, kCost, kRight}, {}).defined());
}

// Denominators of both signs around zero, whose mean is not: the ratio of means is no number.
TEST(BootstrapRatio, HasNoNumberWhereSignsCancel) {
  Rng rng(3, "signs");
  std::vector<double> denominator(500);
  for (double& value : denominator) value = rng.normal();
  const std::vector<double> ones(denominator.size(), 1.0);
  EXPECT_FALSE(bootstrap_ratio(ones, denominator, {}).defined());
}

// aider polyglot, 225 tasks: o1 (high) $186.4958 and 139 solved, R1 $5.4193 and 128 solved, so that
// a solved task costs 31.7 times as much (Aider-AI/aider, website/_data/polyglot_leaderboard.yml).
TEST(BootstrapRatioOfRatios, GivesTheRatioOfAider) {
  const std::vector<double> cost_o1(225, 186.4958 / 225), cost_r1(225, 5.4193 / 225);
  std::vector<double> solved_o1(225, 0.0), solved_r1(225, 0.0);
  std::fill_n(solved_o1.begin(), 139, 1.0);
  std::fill_n(solved_r1.begin(), 128, 1.0);
  const Bootstrap result = bootstrap_ratio_of_ratios({cost_o1, solved_o1, cost_r1, solved_r1}, {});
  EXPECT_NEAR(result.estimate, 31.7, 0.05);
  EXPECT_NEAR(bootstrap_ratio(cost_o1, solved_o1, {}).estimate, 1.3417, 5e-5);
  EXPECT_NEAR(bootstrap_ratio(cost_r1, solved_r1, {}).estimate, 0.04234, 5e-6);
}

TEST(BootstrapRatio, GroupsOfManyUnitsKeepTheInterval) {
  Rng rng(11, "data");
  std::vector<double> cost(20'000);
  std::vector<double> right(cost.size());
  for (std::size_t i = 0; i < cost.size(); ++i) {
    cost[i] = rng.exponential(1);
    right[i] = rng.uniform() < 0.7 ? 1 : 0;
  }
  const Bootstrap grouped = bootstrap_ratio(cost, right, {.resamples = 1000});
  // Delta method, for comparison: relative variance of the mean of cost/E - right/p.
  const double relative = std::sqrt((1 + 0.3 / 0.7) / static_cast<double>(cost.size()));
  const double half = 1.96 * relative / 0.7;
  EXPECT_NEAR((grouped.interval.high - grouped.interval.low) / 2, half, 0.1 * half);
}

TEST(BootstrapRatioOfRatios, OfASystemAgainstItsDoubleIsTwo) {
  std::vector<double> twice = kCost;
  for (double& cost : twice) cost *= 2;
  const Bootstrap result = bootstrap_ratio_of_ratios({twice, kRight, kCost, kRight}, {});
  EXPECT_DOUBLE_EQ(result.estimate, 2);
  EXPECT_NEAR(result.interval.low, 2, 1e-12);
  EXPECT_NEAR(result.interval.high, 2, 1e-12);
}

TEST(BootstrapDifference, CoversTheDifferenceOfMeans) {
  const std::vector<double> ones(kCost.size(), 1.0);
  std::vector<double> more = kCost;
  for (std::size_t i = 0; i < more.size(); ++i) more[i] += kRight[i];
  const Bootstrap result = bootstrap_difference({more, ones, kCost, ones}, {.seed = 3});
  EXPECT_NEAR(result.estimate, 11.0 / 15, 1e-12);
  EXPECT_LT(result.interval.low, 11.0 / 15);
  EXPECT_GT(result.interval.high, 11.0 / 15);
  EXPECT_LE(result.interval.high, 1);
}

}  // namespace
}  // namespace pingjia::harness

#include "harness/stats/repeated.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "harness/base/rng.h"

namespace pingjia::harness {
namespace {

TEST(PassAtK, IsTheShareOfSubsetsWithARightOne) {
  EXPECT_DOUBLE_EQ(pass_at_k(10, 0, 5), 0);
  EXPECT_DOUBLE_EQ(pass_at_k(10, 10, 1), 1);
  EXPECT_DOUBLE_EQ(pass_at_k(10, 3, 1), 0.3);
  // 1 - C(7,2)/C(10,2) = 1 - 21/45
  EXPECT_NEAR(pass_at_k(10, 3, 2), 1 - 21.0 / 45, 1e-12);
  EXPECT_DOUBLE_EQ(pass_at_k(10, 6, 5), 1);
  EXPECT_NEAR(pass_at_k(200, 1, 100), 0.5, 1e-12);
}

TEST(PassAtK, IsUnbiased) {
  // All outcomes of five draws, weighed by their chance, give exactly 1 - (1 - p)^k.
  const double p = 0.3;
  for (int k = 1; k <= 5; ++k) {
    double expected = 0;
    for (int c = 0; c <= 5; ++c) {
      const double ways = std::tgamma(6) / std::tgamma(c + 1) / std::tgamma(6 - c);
      expected += ways * std::pow(p, c) * std::pow(1 - p, 5 - c) * pass_at_k(5, c, k);
    }
    EXPECT_NEAR(expected, 1 - std::pow(1 - p, k), 1e-12) << k;
  }
}

TEST(Consensus, TakesTheMostFrequentAndSharesTies) {
  using Votes = std::vector<std::int64_t>;
  EXPECT_EQ(consensus(Votes{3, 2}, {true, false}), 1);
  EXPECT_EQ(consensus(Votes{2, 3}, {true, false}), 0);
  EXPECT_EQ(consensus(Votes{2, 2}, {true, false}), 0.5);
  EXPECT_EQ(consensus(Votes{1, 1, 1}, {false, true, false}), 1.0 / 3);
  EXPECT_EQ(consensus(Votes{}, {}), 0);
}

TEST(ItemMean, OneClusterSaysNothing) {
  const std::vector<double> values{0.5, 0.7};
  const std::vector<std::int64_t> one{1, 1};
  EXPECT_EQ(item_mean(values, one).interval.high, 1);
  const std::vector<std::int64_t> two{1, 2};
  EXPECT_NEAR(item_mean(values, two).mean, 0.6, 1e-12);
}

TEST(MacroMean, CountsEachGroupTheSame) {
  const RepeatedItem groups[] = {{100, 50, 0}, {10, 10, 0}, {0, 0, 0}};
  const auto mean = macro_mean(groups);
  EXPECT_NEAR(mean.mean, 0.75, 1e-12);
  EXPECT_LT(mean.interval.low, 0.75);
  EXPECT_GT(mean.interval.high, 0.75);
}

// Repeats go on until the half-width is reached, as `run` does it, and the interval must still
// cover the items' true mean: stopping at a lucky moment would show here.
TEST(RepeatHalfWidth, KeepsItsCoverageUnderStopping) {
  Rng rng(20261125, "coverage");
  for (const auto& [count, target] : {std::pair<int, double>{30, 0.04}, {30, 0.08}, {200, 0.02}}) {
    int covered = 0;
    int stopped = 0;
    constexpr int kTrials = 2'000;
    for (int trial = 0; trial < kTrials; ++trial) {
      std::vector<double> truth;
      // Many items are sure, some are not: as benchmarks are.
      for (int i = 0; i < count; ++i) {
        const double u = rng.uniform();
        truth.push_back(u < 0.3 ? 0.0 : u < 0.6 ? 1.0 : rng.uniform());
      }
      std::vector<RepeatedItem> items(truth.size());
      for (int repeat = 0; repeat < 400; ++repeat) {
        for (std::size_t i = 0; i < truth.size(); ++i) {
          ++items[i].n;
          if (rng.uniform() < truth[i]) ++items[i].right;
        }
        if (repeat + 1 >= 4 && repeat_half_width(items) <= target) {
          ++stopped;
          break;
        }
      }
      double mean = 0;
      for (const auto& item : items) {
        mean += static_cast<double>(item.right) / static_cast<double>(item.n);
      }
      mean /= count;
      const double true_mean = std::accumulate(truth.begin(), truth.end(), 0.0) / count;
      if (std::abs(mean - true_mean) <= repeat_half_width(items)) ++covered;
    }
    EXPECT_EQ(stopped, kTrials);
    const double coverage = static_cast<double>(covered) / kTrials;
    EXPECT_GE(coverage, 0.94) << count << " items to " << target;
    RecordProperty("coverage_" + std::to_string(count) + "_" + std::to_string(target),
                   std::to_string(coverage));
  }
}

}  // namespace
}  // namespace pingjia::harness

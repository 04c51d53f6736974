// What the intervals and tests promise, by simulation: 10,000 seeded runs each (1,000 under the
// sanitizers, which are ten times slower, with bounds wider by the root of ten).

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "harness/stats/bootstrap.h"
#include "harness/stats/clustered.h"
#include "harness/stats/noninferiority.h"

namespace pingjia::harness {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kRuns = 1'000;
constexpr double kHalfWidth = 0.03;
#else
constexpr int kRuns = 10'000;
constexpr double kHalfWidth = 0.01;
#endif

// Share of the runs whose 95 % interval holds `truth`.
double coverage(double truth, const std::function<Interval(Rng&)>& run_once) {
  Rng rng(20261125, "coverage");
  int covered = 0;
  for (int run = 0; run < kRuns; ++run) {
    const Interval interval = run_once(rng);
    if (interval.low <= truth && truth <= interval.high) ++covered;
  }
  const double share = static_cast<double>(covered) / kRuns;
  testing::Test::RecordProperty("coverage", std::to_string(share));
  return share;
}

std::int64_t binomial(Rng& rng, int n, double p) {
  std::int64_t count = 0;
  for (int i = 0; i < n; ++i) count += rng.uniform() < p ? 1 : 0;
  return count;
}

PairedCounts paired(Rng& rng, int n, double only_a, double only_b) {
  PairedCounts counts;
  counts.only_b = binomial(rng, n, only_b);
  counts.only_a = binomial(rng, n - static_cast<int>(counts.only_b), only_a / (1 - only_b));
  counts.both_right = n - counts.only_a - counts.only_b;
  return counts;
}

TEST(Coverage, OfWilson) {
  EXPECT_NEAR(coverage(0.7, [](Rng& rng) { return wilson(binomial(rng, 200, 0.7), 200); }), 0.95,
              kHalfWidth);
  EXPECT_NEAR(coverage(0.04, [](Rng& rng) { return wilson(binomial(rng, 300, 0.04), 300); }), 0.95,
              kHalfWidth);
}

TEST(Coverage, OfStudent) {
  EXPECT_NEAR(coverage(3,
                       [](Rng& rng) {
                         std::vector<double> values(8);
                         for (auto& value : values) value = 3 + 2 * rng.normal();
                         return student_interval(values);
                       }),
              0.95, kHalfWidth);
}

// Four repeats of each of 60 questions that share a difficulty.
TEST(Coverage, OfClusteredMeans) {
  EXPECT_NEAR(coverage(0,
                       [](Rng& rng) {
                         std::vector<double> values;
                         std::vector<std::int64_t> clusters;
                         for (std::int64_t question = 0; question < 60; ++question) {
                           const double shared = rng.normal();
                           for (int repeat = 0; repeat < 4; ++repeat) {
                             values.push_back(shared + rng.normal());
                             clusters.push_back(question);
                           }
                         }
                         const ClusteredMean mean = clustered_mean(values, clusters);
                         return student_interval(mean.mean, mean.standard_error, 59);
                       }),
              0.95, kHalfWidth);
}

TEST(Coverage, OfPairedDifferences) {
  EXPECT_NEAR(
      coverage(-0.02,
               [](Rng& rng) { return test_margin(paired(rng, 300, 0.08, 0.10), 0.02).interval; }),
      0.95, kHalfWidth);
  EXPECT_NEAR(coverage(0, [](Rng& rng) { return newcombe_paired(paired(rng, 300, 0.1, 0.1)); }),
              0.95, kHalfWidth);
}

// USD per right answer: costs skewed, right answers four of five.
TEST(Coverage, OfBootstrapRatios) {
  std::uint64_t seed = 0;
  EXPECT_NEAR(
      coverage(2.5,
               [&](Rng& rng) {
                 std::vector<double> cost(200);
                 std::vector<double> right(cost.size());
                 for (std::size_t i = 0; i < cost.size(); ++i) {
                   cost[i] = 1 + rng.exponential(1);
                   right[i] = rng.uniform() < 0.8 ? 1 : 0;
                 }
                 return bootstrap_ratio(cost, right, {.seed = seed++, .resamples = 400}).interval;
               }),
      0.95, kHalfWidth);
}

// Two systems on the same 400 questions in clusters of two: how many times one costs the other.
TEST(Coverage, OfPairedClusteredRatios) {
  std::uint64_t seed = 0;
  const double truth = 3.0 / (1 + 0.75 / 2) * 0.75 / 0.75;
  EXPECT_NEAR(coverage(truth,
                       [&](Rng& rng) {
                         std::vector<double> cost_a(200), right_a(200), cost_b(200), right_b(200);
                         for (std::size_t i = 0; i < cost_a.size(); ++i) {
                           const double length = rng.exponential(1);
                           for (int question = 0; question < 2; ++question) {
                             const bool hard = rng.uniform() < 0.2;
                             cost_a[i] += 3 * (0.5 + length / 2);
                             cost_b[i] += 1 + 0.75 * length / 2;
                             right_a[i] += !hard && rng.uniform() < 0.9 ? 1 : 0;
                             right_b[i] += !hard && rng.uniform() < 0.9 ? 1 : 0;
                           }
                         }
                         return bootstrap_ratio_of_ratios({cost_a, right_a, cost_b, right_b},
                                                          {.seed = seed++, .resamples = 999})
                             .interval;
                       }),
              0.95, kHalfWidth);
}

// How often "not worse by 2 points or more" is said of a system that is worse by exactly 2 points.
double false_verdicts(const std::function<MarginTest(Rng&)>& run_once) {
  Rng rng(20261126, "size");
  int said = 0;
  for (int run = 0; run < kRuns; ++run) said += run_once(rng).p_not_worse <= 0.025 ? 1 : 0;
  const double share = static_cast<double>(said) / kRuns;
  testing::Test::RecordProperty("false_verdicts", std::to_string(share));
  return share;
}

// 2.5 % and three standard errors of the simulation.
const double kMostFalse = 0.025 + 3 * std::sqrt(0.025 * 0.975 / kRuns);

TEST(TypeOneError, OfTheMarginTest) {
  for (const int n : {100, 200, 500, 1319}) {
    for (const double discordant : {0.02, 0.03, 0.06, 0.15, 0.4}) {
      EXPECT_LE(false_verdicts([&](Rng& rng) {
                  return test_margin(
                      paired(rng, n, (discordant - 0.02) / 2, (discordant + 0.02) / 2), 0.02);
                }),
                kMostFalse)
          << n << " " << discordant;
    }
  }
}

// Five repeats of each question. A question's repeats are drawn from its own rates: with
// probability `apart` the systems differ on it, and then each repeat shows it with probability
// `shown`.
MarginTest repeated(Rng& rng, int questions, double apart, double shown) {
  std::vector<double> a, b;
  std::vector<std::int64_t> clusters;
  const double tilt = 0.02 / shown;
  for (int question = 0; question < questions; ++question) {
    const double drawn = rng.uniform();
    const bool only_a = drawn < (apart - tilt) / 2;
    const bool only_b = !only_a && drawn < apart;
    for (int repeat = 0; repeat < 5; ++repeat) {
      const bool differs = (only_a || only_b) && rng.uniform() < shown;
      a.push_back(differs && only_b ? 0 : 1);
      b.push_back(differs && only_a ? 0 : 1);
      clusters.push_back(question);
    }
  }
  return test_margin_clustered(a, b, clusters, 0.02);
}

TEST(TypeOneError, OfTheClusteredMarginTest) {
  for (const int questions : {100, 264}) {
    for (const double shown : {1.0, 0.5}) {
      for (const double apart : {0.045, 0.1, 0.3}) {
        EXPECT_LE(false_verdicts([&](Rng& rng) { return repeated(rng, questions, apart, shown); }),
                  kMostFalse)
            << questions << " " << shown << " " << apart;
      }
    }
  }
}

}  // namespace
}  // namespace pingjia::harness

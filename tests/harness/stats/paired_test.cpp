#include "harness/stats/paired.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace pingjia::harness {
namespace {

// Expected: statsmodels 0.15.0, mcnemar(exact=True); scipy's binomtest gives the same.
TEST(McNemar, AgreesWithStatsmodels) {
  EXPECT_NEAR(mcnemar_exact({50, 10, 2, 20}), 0.03857421875, 1e-12);
  EXPECT_NEAR(mcnemar_exact({50, 0, 5, 20}), 0.0625, 1e-12);
  EXPECT_NEAR(mcnemar_exact({50, 121, 59, 20}), 4.4344492637551645e-06, 1e-15);
  EXPECT_EQ(mcnemar_exact({50, 7, 7, 20}), 1);
  EXPECT_EQ(mcnemar_exact({50, 1, 0, 20}), 1);
  EXPECT_EQ(mcnemar_exact({50, 0, 0, 20}), 1);
}

// Newcombe, Statistics in Medicine 17 (1998) 2635-2650, method 10: 36, 12, 2, 0 of 50 gives
// 0.0569 to 0.3404; further digits by the same formula on scipy's Wilson intervals.
TEST(NewcombePaired, AgreesWithThePaper) {
  const Interval interval = newcombe_paired({36, 12, 2, 0});
  EXPECT_NEAR(interval.low, 0.05692958400323875, 1e-9);
  EXPECT_NEAR(interval.high, 0.3404276029749408, 1e-9);
  const Interval second = newcombe_paired({20, 12, 2, 16});
  EXPECT_NEAR(second.low, 0.05615642484174829, 1e-9);
  EXPECT_NEAR(second.high, 0.32920699540014053, 1e-9);
}

TEST(NewcombePaired, KeepsWidthWhereNothingDiffers) {
  const Interval interval = newcombe_paired({0, 0, 0, 50});
  EXPECT_NEAR(interval.low, -0.07134759913335872, 1e-9);
  EXPECT_NEAR(interval.high, 0.07134759913335872, 1e-9);
}

TEST(NewcombePaired, TurnsRoundWithTheSides) {
  const Interval ab = newcombe_paired({36, 12, 2, 7});
  const Interval ba = newcombe_paired({36, 2, 12, 7});
  EXPECT_NEAR(ab.low, -ba.high, 1e-12);
  EXPECT_NEAR(ab.high, -ba.low, 1e-12);
}

// Expected: scipy 1.17.1, ttest_rel(a, b).confidence_interval(0.95) and sem(a - b).
TEST(PairedDifference, OfSinglesIsThePairedTTest) {
  const std::vector<double> a{1, 0, 1, 1, 0.5, 1, 0, 1};
  const std::vector<double> b{0, 0, 1, 0.5, 0.5, 0, 0.25, 1};
  std::vector<std::int64_t> own(a.size());
  std::iota(own.begin(), own.end(), 0);
  const PairedDifference result = paired_difference(a, b, own);
  EXPECT_NEAR(result.difference, 0.28125, 1e-12);
  EXPECT_NEAR(result.standard_error, 0.17318897090420377, 1e-12);
  EXPECT_NEAR(result.interval.low, -0.12827684070847728, 1e-9);
  EXPECT_NEAR(result.interval.high, 0.6907768407084773, 1e-9);
}

// Expected: (norm.ppf(0.975) + norm.ppf(0.8)) * 0.02 by scipy 1.17.1.
TEST(MinimumDetectableEffect, AgreesWithSciPy) {
  EXPECT_NEAR(minimum_detectable_effect(0.02), 0.05603170436225937, 1e-12);
}

TEST(PairedStandardError, IsNotZeroWhereNothingDiffers) {
  EXPECT_NEAR(paired_standard_error({40, 0, 0, 58}), 0.01, 1e-12);
  EXPECT_GT(paired_standard_error({40, 9, 9, 40}), paired_standard_error({49, 0, 0, 49}));
}

}  // namespace
}  // namespace pingjia::harness

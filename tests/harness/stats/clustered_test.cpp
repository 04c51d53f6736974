#include "harness/stats/clustered.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

namespace pingjia::harness {
namespace {

const std::vector<double> kMarks{1, 1, 0, 1, 0, 0, 1, 1, 1, 0};
const std::vector<std::int64_t> kClusters{0, 0, 0, 1, 1, 2, 2, 2, 3, 3};

// Expected: statsmodels 0.15.0, OLS(y, 1).fit(cov_type="cluster"), correction G/(G - 1).
TEST(ClusteredMean, AgreesWithStatsmodels) {
  const ClusteredMean mean = clustered_mean(kMarks, kClusters);
  EXPECT_NEAR(mean.mean, 0.6, 1e-15);
  EXPECT_NEAR(mean.standard_error, 0.04618802153517005, 1e-12);
  EXPECT_EQ(mean.clusters, 4);
}

TEST(ClusteredMean, OfClustersOfOneIsTheOrdinaryStandardError) {
  std::vector<std::int64_t> own(kMarks.size());
  std::iota(own.begin(), own.end(), 0);
  const double variance = 0.6 * 0.4 * 10 / 9;
  EXPECT_NEAR(clustered_mean(kMarks, own).standard_error, std::sqrt(variance / 10), 1e-12);
}

TEST(ClusteredMean, DoesNotHangOnTheOrderOfObservations) {
  const std::vector<double> marks{0, 1, 1, 1, 0, 1, 0, 1, 1, 0};
  const std::vector<std::int64_t> clusters{3, 3, 2, 2, 2, 1, 1, 0, 0, 0};
  EXPECT_NEAR(clustered_mean(marks, clusters).standard_error,
              clustered_mean(kMarks, kClusters).standard_error, 1e-15);
}

// Expected: the same formula in Python with scipy 1.17.1's t quantile.
TEST(ClusteredProportion, AgreesWithSciPy) {
  const Interval interval = clustered_proportion(kMarks, kClusters);
  EXPECT_NEAR(interval.low, 0.19854853771828862, 1e-9);
  EXPECT_NEAR(interval.high, 0.9008157075529964, 1e-9);
}

TEST(ClusteredProportion, RepeatsOfOneAnswerAddNoCertainty) {
  std::vector<double> once{1, 0, 1, 1, 0, 1, 0, 1};
  std::vector<double> many;
  std::vector<std::int64_t> own;
  std::vector<std::int64_t> shared;
  std::int64_t sample = 0;
  for (const double mark : once) {
    own.push_back(sample);
    for (int repeat = 0; repeat < 10; ++repeat) {
      many.push_back(mark);
      shared.push_back(sample);
    }
    ++sample;
  }
  const Interval one = clustered_proportion(once, own);
  const Interval ten = clustered_proportion(many, shared);
  EXPECT_NEAR(ten.high - ten.low, one.high - one.low, 0.03);
}

TEST(ClusteredProportion, OfOneClusterSaysNothing) {
  const std::vector<double> marks{1, 1};
  const std::vector<std::int64_t> one{4, 4};
  EXPECT_EQ(clustered_proportion(marks, one).low, 0);
  EXPECT_EQ(clustered_proportion(marks, one).high, 1);
}

TEST(ClusteredProportion, KeepsWidthWhereEverythingIsRight) {
  const std::vector<double> marks{1, 1, 1, 1};
  const std::vector<std::int64_t> pairs{1, 1, 2, 2};
  EXPECT_LT(clustered_proportion(marks, pairs).low, 0.6);
  EXPECT_EQ(clustered_proportion(marks, pairs).high, 1);
}

}  // namespace
}  // namespace pingjia::harness

#include "harness/stats/noninferiority.h"

#include <gtest/gtest.h>

#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <vector>

namespace pingjia::harness {
namespace {

PairedCounts counts_of(std::int64_t n, std::int64_t only_a, std::int64_t only_b) {
  return {n - only_a - only_b, only_a, only_b, 0};
}

// Published: Tango, Statistics in Medicine 17 (1998), the disinfection of contact lenses: of 44
// pairs 43 agree and one is for the standard; margin 0.1 gives Z = 1.709, p = 0.044.
TEST(ScoreTest, AgreesWithThePaper) {
  EXPECT_NEAR(score_statistic({44, 0, 1}, -0.1), 1.709, 5e-4);
  EXPECT_NEAR(test_margin(counts_of(44, 0, 1), 0.1).p_not_worse, 0.044, 5e-4);
}

struct ScoreCase {
  std::int64_t n, only_a, only_b;
  double statistic, p_not_worse, p_worse, p_equivalent, low, high;
};

class Score : public testing::TestWithParam<ScoreCase> {};

// Expected: scipy 1.17.1 by another route than the closed form: q maximises the multinomial
// likelihood, brentq(b/(q+d) + c/q - 2(n-b-c)/(1-2q-d)), and the ends are
// brentq(Z(d) -+ norm.ppf(0.975)); p values norm.sf(Z(-0.02)), norm.cdf(Z(-0.02)), and the larger
// of norm.sf(Z(-0.02)) and norm.cdf(Z(0.02)).
TEST_P(Score, AgreesWithSciPy) {
  const ScoreCase& expected = GetParam();
  const PairedCounts counts = counts_of(expected.n, expected.only_a, expected.only_b);
  EXPECT_NEAR(score_statistic(discordance_of(counts), -0.02), expected.statistic, 1e-9);
  const MarginTest test = test_margin(counts, 0.02);
  EXPECT_NEAR(test.p_not_worse, expected.p_not_worse, 1e-9);
  EXPECT_NEAR(test.p_worse, expected.p_worse, 1e-9);
  EXPECT_NEAR(test.p_equivalent, expected.p_equivalent, 1e-9);
  EXPECT_NEAR(test.interval.low, expected.low, 1e-9);
  EXPECT_NEAR(test.interval.high, expected.high, 1e-9);
  const MarginTest turned =
      test_margin(counts_of(expected.n, expected.only_b, expected.only_a), 0.02);
  EXPECT_NEAR(turned.interval.low, -expected.high, 1e-9);
  EXPECT_NEAR(turned.p_equivalent, expected.p_equivalent, 1e-9);
}

INSTANTIATE_TEST_SUITE_P(
    SciPy, Score,
    testing::Values(
        ScoreCase{1319, 40, 52, 1.474044739408963, 0.07023477282547466, 0.9297652271745254,
                  0.07023477282547466, -0.023734525955369932, 0.005252958471995776},
        ScoreCase{700, 12, 9, 3.174591527312288, 0.0007502378036095155, 0.9992497621963905,
                  0.016049866562016013, -0.009281565800870209, 0.018447260055244497},
        ScoreCase{50, 12, 2, 2.887009047139862, 0.0019446152354859944, 0.998055384764514,
                  0.9928591877568766, 0.061112406186343955, 0.34470874828214876},
        ScoreCase{200, 0, 0, 2.020305089104421, 0.02167587563043134, 0.9783241243695686,
                  0.02167587563043134, -0.018845326377266575, 0.018845326377266575}));

TEST(ScoreInterval, ReachesTheEndsWhereEverythingDiffers) {
  const Interval all = score_interval({30, 30, 0}, 1.96);
  EXPECT_NEAR(all.high, 1, 1e-9);
  EXPECT_GT(all.low, 0.6);
  const Interval none = score_interval({1, 0, 0}, 1.96);
  EXPECT_GT(none.high, 0.7);
  EXPECT_LT(none.high, 1);
}

// The verdict and the interval beside it never contradict each other.
TEST(MarginTest, AgreesWithItsInterval) {
  for (std::int64_t n : {30, 100, 257, 1319}) {
    for (std::int64_t only_a = 0; only_a < n / 3; only_a += 3) {
      for (std::int64_t only_b = 0; only_b < n / 3; only_b += 4) {
        const MarginTest test = test_margin(counts_of(n, only_a, only_b), 0.02);
        EXPECT_EQ(test.p_not_worse<0.025, test.interval.low> - 0.02) << n << only_a << only_b;
        EXPECT_EQ(test.p_worse < 0.025, test.interval.high < -0.02) << n << only_a << only_b;
      }
    }
  }
}

// Probability that the test says "not worse" where the truth stands on the margin, by enumeration:
// only_b is binomial, only_a binomial given it, and the test asks for so many of a at least.
double exact_size(std::int64_t n, double margin, double alpha, double discordant) {
  const double critical = normal_quantile(1 - alpha);
  const double only_a = (discordant - margin) / 2;
  const double only_b = (discordant + margin) / 2;
  const auto count = static_cast<double>(n);
  const boost::math::binomial_distribution<double> draws_b(count, only_b);
  double size = 0;
  std::int64_t least = 0;
  for (std::int64_t b = 0; b < n; ++b) {
    const auto left = n - b;
    const auto misses = [&](std::int64_t a) {
      return score_statistic({count, static_cast<double>(a), static_cast<double>(b)}, -margin) <
             critical;
    };
    while (least <= left && misses(least)) ++least;
    if (least > left) break;
    const boost::math::binomial_distribution<double> draws_a(static_cast<double>(left),
                                                             only_a / (1 - only_b));
    const double enough =
        least == 0 ? 1 : boost::math::cdf(complement(draws_a, static_cast<double>(least) - 1));
    size += boost::math::pdf(draws_b, static_cast<double>(b)) * enough;
  }
  return size;
}

// The claim of the contract: the size at one-sided 2.5 %, and at the levels that Holm's correction
// over two and over five models asks for.
TEST(ScoreTest, HasItsSizeNearTheBoundaries) {
  double worst = 0;
  for (const std::int64_t n :
       {100, 111, 133, 150, 164, 188, 200, 250, 300, 400, 500, 700, 1000, 1319}) {
    for (const double discordant :
         {0.02, 0.022, 0.025, 0.03, 0.04, 0.06, 0.1, 0.2, 0.3, 0.5, 0.8}) {
      const double size = exact_size(n, 0.02, 0.025, discordant);
      EXPECT_LE(size, 0.027) << n << " " << discordant;
      worst = std::max(worst, size);
      EXPECT_LE(exact_size(n, 0.02, 0.0125, discordant), 0.0145) << n << " " << discordant;
      EXPECT_LE(exact_size(n, 0.02, 0.005, discordant), 0.0065) << n << " " << discordant;
    }
  }
  RecordProperty("worst_size_at_0.025", std::to_string(worst));
  EXPECT_GT(worst, 0.024);
}

const std::vector<double> kA{1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 1, 1};
const std::vector<double> kB{1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 1, 1};
const std::vector<std::int64_t> kClusters{0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 4};

// Expected: statsmodels 0.15.0 OLS(a - b, 1), cov_type="cluster", times G/(G - 1), gives the design
// effect 1.6011061346362652; the rest by the route above with scipy's t at 4 degrees of freedom.
TEST(ClusteredMarginTest, AgreesWithStatsmodelsAndSciPy) {
  const MarginTest test = test_margin_clustered(kA, kB, kClusters, 0.1);
  EXPECT_NEAR(test.difference, 1.0 / 12, 1e-12);
  EXPECT_NEAR(test.interval.low, -0.509786632760823, 1e-9);
  EXPECT_NEAR(test.interval.high, 0.6169181679134068, 1e-9);
  EXPECT_NEAR(test.p_not_worse, 0.20029182402181675, 1e-9);
  EXPECT_NEAR(test.p_worse, 0.7997081759781832, 1e-9);
}

// Ten repeats of answers that always agree say no more than the questions do.
TEST(ClusteredMarginTest, RepeatsAddNoCertainty) {
  std::vector<double> right;
  std::vector<std::int64_t> questions;
  for (std::int64_t question = 0; question < 100; ++question) {
    for (int repeat = 0; repeat < 10; ++repeat) {
      right.push_back(question % 3 == 0 ? 0 : 1);
      questions.push_back(question);
    }
  }
  const MarginTest repeated = test_margin_clustered(right, right, questions, 0.02);
  const MarginTest once = test_margin(counts_of(100, 0, 0), 0.02);
  EXPECT_NEAR(repeated.interval.low, once.interval.low, 2e-3);
  EXPECT_GT(repeated.p_not_worse, 0.025);
}

}  // namespace
}  // namespace pingjia::harness

#include "harness/stats/multiplicity.h"

#include <gtest/gtest.h>

#include <vector>

namespace pingjia::harness {
namespace {

void expect_near(const std::vector<double>& values, const std::vector<double>& expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], expected[i], 1e-12) << i;
}

// The 15 p values of Benjamini and Hochberg, JRSS B 57 (1995), section 3.
const std::vector<double> kThrombolysis{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344,
                                        .0459, .3240, .4262, .5719, .6528, .7590, 1.0};
const std::vector<double> kUnordered{0.01, 0.04, 0.03, 0.005, 0.6, 0.03};

// Expected: statsmodels 0.15.0, multipletests(p, method="holm")[1].
TEST(Holm, AgreesWithStatsmodels) {
  expect_near(holm(kUnordered), {0.05, 0.12, 0.12, 0.03, 0.6, 0.12});
  expect_near(holm(kThrombolysis), {0.0015, 0.0056, 0.0247, 0.114, 0.2211, 0.278, 0.278, 0.278,
                                    0.3213, 1, 1, 1, 1, 1, 1});
}

// Expected: statsmodels 0.15.0, multipletests(p, method="fdr_bh")[1].
TEST(BenjaminiHochberg, AgreesWithStatsmodels) {
  expect_near(benjamini_hochberg(kUnordered), {0.03, 0.048, 0.045, 0.03, 0.6, 0.045});
  expect_near(
      benjamini_hochberg(kThrombolysis),
      {0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.06385714285714286, 0.06385714285714286, 0.0645,
       0.0765, 0.486, 0.5811818181818182, 0.714875, 0.7532307692307693, 0.8132142857142857, 1});
}

// Published: at 0.05 Bonferroni and Holm reject the first three, their step-up the first four.
TEST(BenjaminiHochberg, RejectsWhatThePaperDoes) {
  const auto step_up = benjamini_hochberg(kThrombolysis);
  const auto step_down = holm(kThrombolysis);
  for (std::size_t i = 0; i < kThrombolysis.size(); ++i) {
    EXPECT_EQ(step_up[i] <= 0.05, i < 4) << i;
    EXPECT_EQ(step_down[i] <= 0.05, i < 3) << i;
  }
}

TEST(Multiplicity, OfOneChangesNothingAndOfNoneIsNothing) {
  const std::vector<double> one{0.03};
  expect_near(holm(one), one);
  expect_near(benjamini_hochberg(one), one);
  EXPECT_TRUE(holm({}).empty());
  EXPECT_TRUE(benjamini_hochberg({}).empty());
}

}  // namespace
}  // namespace pingjia::harness

#include "harness/stats/interval.h"

#include <gtest/gtest.h>

#include <vector>

namespace pingjia::harness {
namespace {

// Expected values: scipy 1.17.1, binomtest(k, n).proportion_ci(confidence, method="wilson").
struct WilsonCase {
  std::int64_t successes, n;
  double confidence, low, high;
};

class Wilson : public testing::TestWithParam<WilsonCase> {};

TEST_P(Wilson, AgreesWithSciPy) {
  const WilsonCase& expected = GetParam();
  const Interval interval = wilson(expected.successes, expected.n, expected.confidence);
  EXPECT_NEAR(interval.low, expected.low, 1e-12);
  EXPECT_NEAR(interval.high, expected.high, 1e-12);
}

INSTANTIATE_TEST_SUITE_P(
    SciPy, Wilson,
    testing::Values(WilsonCase{15, 148, 0.95, 0.06238639953073629, 0.16048724172330803},
                    WilsonCase{0, 20, 0.95, 0.0, 0.16112515805281935},
                    WilsonCase{20, 20, 0.95, 0.8388748419471808, 1.0},
                    WilsonCase{81, 263, 0.95, 0.2552885198782742, 0.36620957698280004},
                    WilsonCase{5, 56, 0.99, 0.03029187495721354, 0.23529324617716058},
                    WilsonCase{5000, 10000, 0.9, 0.4917768441952793, 0.5082231558047208}));

// Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3: 15/148 and 0/20.
TEST(WilsonPublished, AgreesWithNewcombe) {
  EXPECT_NEAR(wilson(15, 148).low, 0.0624, 5e-5);
  EXPECT_NEAR(wilson(15, 148).high, 0.1605, 5e-5);
  EXPECT_NEAR(wilson(0, 20).high, 0.1611, 5e-5);
}

TEST(WilsonEnds, AreExactAtNoneAndAll) {
  for (std::int64_t n = 1; n < 400; n += 7) {
    EXPECT_EQ(wilson(0, n).low, 0);
    EXPECT_EQ(wilson(n, n).high, 1);
    EXPECT_GT(wilson(0, n).high, 0);
    EXPECT_LT(wilson(n, n).low, 1);
  }
}

TEST(Distributions, AgreeWithSciPy) {
  EXPECT_NEAR(student_quantile(0.975, 4), 2.7764451051977934, 1e-12);
  EXPECT_NEAR(student_quantile(0.995, 29), 2.756385903670605, 1e-12);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-12);
  EXPECT_NEAR(normal_cdf(-1.5), 0.06680720126885807, 1e-14);
}

// Expected: scipy 1.17.1, t.interval(confidence, n - 1, mean(x), sem(x)).
TEST(StudentInterval, AgreesWithSciPy) {
  const std::vector<double> values{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9};
  EXPECT_NEAR(student_interval(values).low, 3.568868390683514, 1e-9);
  EXPECT_NEAR(student_interval(values).high, 6.697798275983153, 1e-9);
  EXPECT_NEAR(student_interval(values, 0.99).low, 2.961944391048236, 1e-9);
  EXPECT_NEAR(student_interval(values, 0.99).high, 7.304722275618431, 1e-9);
}

}  // namespace
}  // namespace pingjia::harness

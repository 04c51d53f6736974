#include "harness/stats/quantile.h"

#include <gtest/gtest.h>

#include <numeric>

#include "harness/base/rng.h"

namespace pingjia::harness {
namespace {

// Expected values: NumPy, np.quantile(values, q).
TEST(Quantile, AgreesWithNumPy) {
  const std::vector<double> values{3.5, 1.25, 9, 7, 2, 8.5, 4, 4, 11, 0.5};
  const auto at = [&](double q) {
    auto copy = values;
    return quantile(copy, q);
  };
  EXPECT_DOUBLE_EQ(at(0), 0.5);
  EXPECT_DOUBLE_EQ(at(0.25), 2.375);
  EXPECT_DOUBLE_EQ(at(0.5), 4.0);
  EXPECT_NEAR(at(0.9), 9.2, 1e-12);
  EXPECT_NEAR(at(0.99), 10.82, 1e-12);
  EXPECT_DOUBLE_EQ(at(1), 11.0);
}

TEST(Quantile, OfOneValueIsThatValue) {
  std::vector<double> one{2.5};
  EXPECT_EQ(quantile(one, 0.99), 2.5);
}

std::vector<double> one_to(int n) {
  std::vector<double> values(static_cast<std::size_t>(n));
  std::iota(values.begin(), values.end(), 1.0);
  Rng(5, "order").shuffle(values);
  return values;
}

// Expected ranks: scipy 1.17.1, quantile_test(range(1, n + 1), p=q).confidence_interval(c).
TEST(QuantileInterval, HasSciPysRanks) {
  const auto expect = [](int n, double q, double confidence, double low, double high) {
    auto values = one_to(n);
    const auto interval = quantile_interval(values, q, confidence);
    ASSERT_TRUE(interval) << n << " " << q;
    EXPECT_EQ(interval->low, low);
    EXPECT_EQ(interval->high, high);
  };
  expect(100, 0.5, 0.95, 40, 61);
  expect(700, 0.99, 0.95, 687, 699);
  expect(20, 0.5, 0.95, 6, 15);
  expect(59, 0.9, 0.95, 48, 58);
  expect(1000, 0.99, 0.99, 981, 998);
}

TEST(QuantileInterval, IsMissingWhereTheSampleIsTooSmall) {
  auto five = one_to(5);
  EXPECT_FALSE(quantile_interval(five, 0.5));
  auto hundred = one_to(100);
  EXPECT_FALSE(quantile_interval(hundred, 0.99));
}

// MLPerf's table of early stopping: mlcommons/endpoints docs/early_stopping.md.
TEST(MinSamples, AreMlperfs) {
  EXPECT_EQ(min_samples(0.5, 0.99), 11);
  EXPECT_EQ(min_samples(0.9, 0.99), 64);
  EXPECT_EQ(min_samples(0.95, 0.99), 130);
  EXPECT_EQ(min_samples(0.97, 0.99), 219);
  EXPECT_EQ(min_samples(0.99, 0.99), kMinSamplesForP99);
  EXPECT_EQ(min_samples(0.999, 0.99), 6636);
  EXPECT_EQ(min_samples(0.9999, 0.99), 66381);
}

}  // namespace
}  // namespace pingjia::harness

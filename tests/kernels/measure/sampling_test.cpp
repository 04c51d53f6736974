#include "kernels/measure/sampling.h"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/base/rng.h"

namespace pingjia::kernels {
namespace {

std::vector<Sample> samples(std::size_t count, double spread) {
  std::vector<Sample> made;
  for (std::size_t i = 0; i < count; ++i) {
    made.push_back({1.0 + spread * static_cast<double>(i % 5), 3e9});
  }
  return made;
}

TEST(StopRule, EndsAQuietRowAtTheLeastSamples) {
  const StopRule rule;
  EXPECT_FALSE(is_enough(samples(19, 0), 0.01, rule));
  EXPECT_TRUE(is_enough(samples(20, 0), 0.01, rule));
  // Quartiles 1.001 and 1.003: 0.2 % of the median.
  EXPECT_TRUE(is_enough(samples(20, 0.001), 0.01, rule));
}

TEST(StopRule, GoesOnWithANoisyRowUntilItsTimeIsUp) {
  const StopRule rule;
  EXPECT_FALSE(is_enough(samples(100, 0.1), 0.9, rule));
  EXPECT_TRUE(is_enough(samples(100, 0.1), 1.1, rule));
  EXPECT_FALSE(is_enough(samples(5, 0.1), 100, rule));
  EXPECT_TRUE(is_enough(samples(6, 0.1), 100, rule));
  EXPECT_TRUE(is_enough(samples(2000, 0.1), 0.01, rule));
}

TEST(StopRule, IsNotHeldUpByOneInterruptedCall) {
  auto some = samples(40, 0);
  some[7].seconds = 50;
  EXPECT_TRUE(is_enough(some, 0.01, {}));
}

TEST(AtModalClock, DropsSamplesOfAThrottledCore) {
  auto some = samples(20, 0);
  some[3].clock_hz = 2.8e9;
  some[4].clock_hz = 3.05e9;
  EXPECT_EQ(at_modal_clock(some).size(), 19U);
}

TEST(AtModalClock, KeepsAllWhenNoClockIsKnownOrNoneIsUsual) {
  auto some = samples(20, 0);
  for (Sample& sample : some) sample.clock_hz = 0;
  EXPECT_EQ(at_modal_clock(some).size(), 20U);
  for (std::size_t i = 0; i < some.size(); ++i) some[i].clock_hz = 1e9 * static_cast<double>(i + 1);
  EXPECT_EQ(at_modal_clock(some).size(), 20U);
}

TEST(TimesOf, GivesQuartilesAndAnIntervalOfTheMedian) {
  harness::Rng rng(1, "times");
  std::vector<double> values;
  for (int i = 0; i < 200; ++i) values.push_back(std::exp(0.1 * rng.normal()));
  const auto times = times_of(values);
  EXPECT_EQ(times.samples, 200);
  // exp(0.1 z): median 1, quartiles exp(±0.0674); the median's error is 0.1 * 1.25 / sqrt(200).
  EXPECT_NEAR(times.median, 1, 0.03);
  EXPECT_NEAR(times.quartile1, 0.935, 0.03);
  EXPECT_NEAR(times.quartile3, 1.07, 0.03);
  EXPECT_LT(times.low, times.median);
  EXPECT_GT(times.high, times.median);
  EXPECT_NEAR(times.high - times.low, 2 * 1.96 * 0.1 * 1.25 / std::sqrt(200), 0.015);
}

TEST(TimesOf, OneValue) {
  const auto times = times_of({2.5});
  EXPECT_EQ(times.median, 2.5);
  EXPECT_EQ(times.low, 2.5);
  EXPECT_EQ(times.high, 2.5);
}

}  // namespace
}  // namespace pingjia::kernels

#include "harness/money/two_rate_fit.h"

#include <gtest/gtest.h>

#include <vector>

#include "harness/base/rng.h"

namespace pingjia::harness {
namespace {

RatePoint point(double input, double output, double noise = 0) {
  return {input, output, (2e-5 * input + 4e-4 * output + 3) * (1 + noise)};
}

TEST(TwoRateFit, FindsTheRatesOfMixesWithoutNoise) {
  const std::vector<RatePoint> points{point(1e6, 1e3), point(1e5, 1e5), point(2e6, 5e5),
                                      point(1e3, 1e6)};
  const TwoRateFit fit = fit_two_rates(points);
  ASSERT_EQ(fit.unknown, "");
  EXPECT_NEAR(fit.seconds_per_input, 2e-5, 1e-13);
  EXPECT_NEAR(fit.seconds_per_output, 4e-4, 1e-12);
  EXPECT_NEAR(fit.fixed_seconds, 3, 1e-8);
  EXPECT_LT(fit.worst_error, 1e-9);
  EXPECT_NEAR(fit.r_squared, 1, 1e-12);
}

TEST(TwoRateFit, StatesItsError) {
  Rng rng(5, "two_rate_fit");
  for (int run = 0; run < 200; ++run) {
    std::vector<RatePoint> points;
    for (int i = 0; i < 12; ++i) {
      const double input = 1e4 + 1e6 * rng.uniform();
      const double output = 1e3 + 1e5 * rng.uniform();
      points.push_back(point(input, output, 0.02 * (rng.uniform() - 0.5)));
    }
    const TwoRateFit fit = fit_two_rates(points);
    ASSERT_EQ(fit.unknown, "");
    EXPECT_NEAR(fit.seconds_per_input, 2e-5, 2e-6);
    EXPECT_NEAR(fit.seconds_per_output, 4e-4, 2e-5);
    EXPECT_GT(fit.rms_error, 0);
    EXPECT_LE(fit.rms_error, fit.worst_error);
    EXPECT_LT(fit.worst_error, 0.2);
  }
}

TEST(TwoRateFit, RefusesWhatDoesNotDetermineIt) {
  EXPECT_NE(fit_two_rates(std::vector{point(1, 2), point(2, 3)}).unknown, "");
  const std::vector<RatePoint> same_mix{point(1e3, 1e2), point(2e3, 2e2), point(3e3, 3e2)};
  EXPECT_EQ(fit_two_rates(same_mix).unknown, "the runs' mixes of input and output do not differ");
  const std::vector<RatePoint> nonsense{{1e6, 1, 10}, {1, 1e6, 5}, {1e6, 1e6, 6}, {1, 1, 9}};
  EXPECT_NE(fit_two_rates(nonsense).unknown.find("negative"), std::string::npos);
  std::vector<RatePoint> free{point(1e3, 1), point(1, 1e3), point(1e3, 1e3)};
  free[1].gpu_seconds = 0;
  EXPECT_EQ(fit_two_rates(free).unknown, "a run took no GPU time");
}

}  // namespace
}  // namespace pingjia::harness

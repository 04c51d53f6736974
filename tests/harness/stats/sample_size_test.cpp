#include "harness/stats/sample_size.h"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/base/rng.h"
#include "harness/stats/noninferiority.h"

namespace pingjia::harness {
namespace {

// Expected: ceil((norm.ppf(1 - alpha) + norm.ppf(power))**2 * (error / distance)**2 * n),
// scipy 1.17.1: 3488.39099304404 and 17127.694701335946 before rounding up.
TEST(DecidingSampleSize, AgreesWithSciPy) {
  EXPECT_EQ(deciding_sample_size(1000, 0.01, 0.015), 3489);
  EXPECT_EQ(deciding_sample_size(500, 0.02, 0.01, 0.05, 0.9), 17128);
}

TEST(DecidingSampleSize, IsUnknownOnTheMargin) {
  EXPECT_FALSE(deciding_sample_size(1000, 0.01, 0));
  EXPECT_FALSE(deciding_sample_size(1000, 0.01, -0.1));
  EXPECT_FALSE(deciding_sample_size(1000, 0.01, 1e-9));
}

// Where the rates hold, the test decides four times of five at the size given.
TEST(DecidingSampleSize, GivesThePowerItPromises) {
  const double both = 0.10;
  const double difference = 0.005;
  const double error = std::sqrt((both - difference * difference) / 1000);
  const auto n = deciding_sample_size(1000, error, 0.02 + difference).value();
  Rng rng(5, "power");
  int decided = 0;
  constexpr int kRuns = 2000;
  for (int run = 0; run < kRuns; ++run) {
    PairedCounts counts;
    for (std::int64_t i = 0; i < n; ++i) {
      const double drawn = rng.uniform();
      if (drawn < (both + difference) / 2) {
        ++counts.only_a;
      } else if (drawn < both) {
        ++counts.only_b;
      } else {
        ++counts.both_right;
      }
    }
    if (test_margin(counts, 0.02).p_not_worse <= 0.025) ++decided;
  }
  EXPECT_NEAR(static_cast<double>(decided) / kRuns, 0.8, 0.03);
}

}  // namespace
}  // namespace pingjia::harness

#include "harness/base/rng.h"

#include <gtest/gtest.h>

#include <numeric>

namespace pingjia::harness {
namespace {

TEST(Rng, SameSeedAndStreamGiveTheSameNumbers) {
  Rng a(7, "arrivals");
  Rng b(7, "arrivals");
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.next(), b.next());
}

TEST(Rng, StreamsOfOneSeedDiffer) {
  Rng a(7, "arrivals");
  Rng b(7, "samples");
  EXPECT_NE(a.next(), b.next());
}

TEST(Rng, ExponentialHasItsMean) {
  Rng rng(1, "mean");
  double sum = 0;
  for (int i = 0; i < 200'000; ++i) sum += rng.exponential(4);
  EXPECT_NEAR(sum / 200'000, 0.25, 0.003);
}

TEST(Rng, NormalHasUnitVariance) {
  Rng rng(1, "normal");
  double squares = 0;
  for (int i = 0; i < 200'000; ++i) {
    const double drawn = rng.normal();
    squares += drawn * drawn;
  }
  EXPECT_NEAR(squares / 200'000, 1, 0.02);
}

TEST(Rng, BelowIsUniform) {
  Rng rng(3, "below");
  std::vector<int> counts(6);
  for (int i = 0; i < 60'000; ++i) ++counts[rng.below(6)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 400);
}

TEST(Rng, ShuffleKeepsTheItems) {
  std::vector<int> items(50);
  std::iota(items.begin(), items.end(), 0);
  Rng(9, "shuffle").shuffle(items);
  EXPECT_EQ(std::accumulate(items.begin(), items.end(), 0), 49 * 25);
  EXPECT_FALSE(std::is_sorted(items.begin(), items.end()));
}

}  // namespace
}  // namespace pingjia::harness

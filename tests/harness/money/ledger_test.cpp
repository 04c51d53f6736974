#include "harness/money/ledger.h"

#include <gtest/gtest.h>

#include <numeric>

#include "harness/base/rng.h"

namespace pingjia::harness {
namespace {

Nanos sum_of(const std::vector<Nanos>& values) {
  return std::accumulate(values.begin(), values.end(), Nanos{0});
}

TEST(Ledger, OfOneRequestIsItsTimeAndTheRestIsIdle) {
  const std::vector<Busy> one{{20, 50}};
  const Ledger ledger = share_machine(one, 0, 100);
  EXPECT_EQ(ledger.requests, std::vector<Nanos>{30});
  EXPECT_EQ(ledger.idle, 70);
  EXPECT_EQ(ledger.window, 100);
}

// By hand: [0,10) a alone, [10,20) a and b, [20,40) b alone, [40,50) idle, [50,60) c.
TEST(Ledger, SharesWhatIsSharedEqually) {
  const std::vector<Busy> three{{0, 20}, {10, 40}, {50, 60}};
  const Ledger ledger = share_machine(three, 0, 60);
  EXPECT_EQ(ledger.requests, (std::vector<Nanos>{15, 25, 10}));
  EXPECT_EQ(ledger.idle, 10);
}

TEST(Ledger, CountsOnlyTheWindow) {
  const std::vector<Busy> two{{-50, 10}, {90, 200}};
  const Ledger ledger = share_machine(two, 0, 100);
  EXPECT_EQ(ledger.requests, (std::vector<Nanos>{10, 10}));
  EXPECT_EQ(ledger.idle, 80);
}

TEST(Ledger, OfNothingIsIdle) {
  const Ledger ledger = share_machine({}, 5, 25);
  EXPECT_EQ(ledger.idle, 20);
  EXPECT_TRUE(ledger.requests.empty());
}

TEST(Ledger, LosesNoNanosecondInTenThousandRandomRuns) {
  Rng rng(2026, "ledger");
  for (int run = 0; run < 10'000; ++run) {
    std::vector<Busy> requests(rng.below(40));
    const Nanos scale = static_cast<Nanos>(1) << (3 + rng.below(50));
    for (auto& request : requests) {
      request.begin = static_cast<Nanos>(rng.below(static_cast<std::uint64_t>(scale)));
      request.end =
          request.begin + static_cast<Nanos>(rng.below(static_cast<std::uint64_t>(scale)));
    }
    const Ledger ledger = share_machine(requests, 0, 2 * scale);
    ASSERT_EQ(sum_of(ledger.requests) + ledger.idle, ledger.window);
    ASSERT_GE(ledger.idle, 0);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      // Never more than its own time, and a share of a nanosecond at most from the true integral.
      ASSERT_GE(ledger.requests[i], 0);
      ASSERT_LE(ledger.requests[i], requests[i].end - requests[i].begin + 1);
    }
  }
}

TEST(Ledger, MatchesTheIntegralOfEqualRequests) {
  const std::vector<Busy> seven(7, Busy{0, 1'000});
  const Ledger ledger = share_machine(seven, 0, 1'000);
  EXPECT_EQ(sum_of(ledger.requests), 1'000);
  for (const Nanos share : ledger.requests) EXPECT_NEAR(static_cast<double>(share), 142.86, 1);
}

TEST(Apportion, SumsToTheAmountExactly) {
  Rng rng(7, "apportion");
  for (int run = 0; run < 10'000; ++run) {
    std::vector<Nanos> weights(1 + rng.below(30));
    for (auto& weight : weights) weight = static_cast<Nanos>(rng.below(1'000'000'000'000));
    const auto amount = static_cast<__int128>(rng.next()) * (1 + rng.below(1'000'000));
    const auto shares = apportion(amount, weights);
    ASSERT_TRUE(std::accumulate(shares.begin(), shares.end(), __int128{0}) == amount);
    for (const auto share : shares) ASSERT_TRUE(share >= 0);
  }
}

TEST(Apportion, WithoutWeightsIsEqual) {
  const std::vector<Nanos> none(4, 0);
  const auto shares = apportion(10, none);
  EXPECT_TRUE(shares[0] + shares[1] + shares[2] + shares[3] == 10);
  for (const auto share : shares) EXPECT_TRUE(share == 2 || share == 3);
}

TEST(WindowOf, HoldsAllRequests) {
  const std::vector<Busy> requests{{5, 9}, {2, 6}, {7, 30}};
  EXPECT_EQ(window_of(requests).begin, 2);
  EXPECT_EQ(window_of(requests).end, 30);
}

}  // namespace
}  // namespace pingjia::harness

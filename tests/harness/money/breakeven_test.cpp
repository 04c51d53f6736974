#include "harness/money/breakeven.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "harness/base/error.h"
#include "harness/base/rng.h"

namespace pingjia::harness {
namespace {

// DeepSeek, deepseek-ai/open-infra-index, day 6 (2025-02-28): 226.75 nodes of 8 GPUs at $2 in 24 h;
// 342B tokens read from cache, 266B fresh, 168B written; R1's list prices. D1 to D7 of the
// project's research, with its tolerances.
constexpr double kNodes = 226.75;
constexpr double kNodeHour = 16;
constexpr double kDay = 86'400;
constexpr double kCached = 342e9, kFresh = 266e9, kOutput = 168e9;
constexpr std::array<PricedShare, 3> kMix{{{0.14, kCached}, {0.55, kFresh}, {2.19, kOutput}}};
constexpr double kTokens = kCached + kFresh + kOutput;

TEST(DeepSeekDay, D1CostsADay) {
  EXPECT_NEAR(usd_per_mtok(kNodes * kNodeHour, kTokens / kDay) * kTokens / 1e6, 87'072, 1e-6);
}

TEST(DeepSeekDay, D2WouldEarnAtListPrice) {
  const double revenue = blended_price(kMix) * kTokens / 1e6;
  EXPECT_NEAR(revenue, 562'100, 0.5);
  EXPECT_NEAR(revenue / 562'027, 1, 1e-3);
}

TEST(DeepSeekDay, D3MarkupIsNotMargin) {
  EXPECT_NEAR(markup(562'027, 87'072), 5.45, 0.01);
  EXPECT_NEAR(gross_margin(562'027, 87'072), 0.845, 1e-3);
}

TEST(DeepSeekDay, D5ClosesByPhase) {
  const double prefill = machines_for(kCached + kFresh, kDay, 73.7e3);
  const double decode = machines_for(kOutput, kDay, 14.8e3);
  EXPECT_NEAR(prefill, 95.48, 0.005);
  EXPECT_NEAR(decode, 131.38, 0.005);
  EXPECT_NEAR((prefill + decode) / kNodes - 1, 0.0005, 5e-6);
  EXPECT_NEAR(prefill / (prefill + decode), 0.421, 5e-4);
}

TEST(DeepSeekDay, D6PricesByPhaseAndUndivided) {
  EXPECT_NEAR(usd_per_mtok(kNodeHour, 73.7e3), 0.0603, 5e-5);
  EXPECT_NEAR(usd_per_mtok(kNodeHour, 14.8e3), 0.3003, 5e-5);
  const auto undivided = [](double tokens) {
    return usd_per_mtok(kNodes * kNodeHour, tokens / kDay);
  };
  EXPECT_NEAR(undivided(kCached + kFresh), 0.1432, 5e-5);
  EXPECT_NEAR(undivided(kOutput), 0.5183, 5e-5);
  EXPECT_NEAR(undivided(kTokens), 0.1122, 5e-5);
}

TEST(DeepSeekDay, D7BreaksEven) {
  Breakeven day;
  day.api_usd_per_mtok = blended_price(kMix);
  day.gpu_usd_per_hour = 2;
  day.gpus_per_replica = 8;
  day.tokens_per_s = kTokens / kDay / kNodes;
  EXPECT_NEAR(day.api_usd_per_mtok, 0.7244, 5e-5);
  EXPECT_NEAR(day.full_load_price(), 0.1122, 5e-5);
  EXPECT_NEAR(day.breakeven_utilisation(), 0.155, 5e-4);
}

// A1: o1 at 15/60 and R1 at 0.55/2.19 USD per Mtok: 27.34 times on 3:1.
TEST(BlendedPrice, A1OfThreeToOne) {
  const std::array<PricedShare, 2> o1{{{15, 3}, {60, 1}}};
  const std::array<PricedShare, 2> r1{{{0.55, 3}, {2.19, 1}}};
  EXPECT_NEAR(blended_price(o1), 26.25, 1e-12);
  EXPECT_NEAR(blended_price(r1), 0.96, 1e-12);
  EXPECT_NEAR(blended_price(o1) / blended_price(r1), 27.34, 5e-3);
}

// 1000 tokens/s at half load are 1.314B tokens a month; a GPU is $730; the API $1 per Mtok.
Breakeven round() {
  return {1, 1, 1, 1000, 0.5, 0, 0};
}

TEST(Breakeven, IsAStaircase) {
  const Breakeven own = round();
  EXPECT_NEAR(own.replica_tokens(), 1.314e9, 1);
  EXPECT_EQ(own.own_usd_per_month(1), 730);
  EXPECT_EQ(own.own_usd_per_month(1.314e9), 730);
  EXPECT_EQ(own.own_usd_per_month(1.315e9), 1460);
  EXPECT_NEAR(own.full_load_price(), 1 / 3.6, 1e-12);
  EXPECT_NEAR(own.planned_price(), 2 / 3.6, 1e-12);
  EXPECT_NEAR(own.breakeven_price(730e6), 1, 1e-12);
}

// Ties: 730M on the first GPU. The second makes it $1460, which 1.314B tokens do not pay: the API
// is cheaper again until 1.46B. The third comes at 2.628B, above its tie of 2.19B.
TEST(Crossings, AreFoundOnEveryStep) {
  const auto found = crossings(round());
  ASSERT_EQ(found.size(), 3U);
  EXPECT_NEAR(found[0].tokens_per_month, 730e6, 1);
  EXPECT_TRUE(found[0].own_is_cheaper_above);
  EXPECT_EQ(found[0].gpus, 1);
  EXPECT_NEAR(found[0].utilisation, 0.5 * 730 / 1314, 1e-9);
  EXPECT_NEAR(found[0].tie_usd_per_mtok, 1, 1e-9);
  EXPECT_NEAR(found[1].tokens_per_month, 1.314e9, 1);
  EXPECT_FALSE(found[1].own_is_cheaper_above);
  EXPECT_EQ(found[1].gpus, 2);
  EXPECT_NEAR(found[1].tie_usd_per_mtok, 1460 / 1314.0, 1e-9);
  EXPECT_NEAR(found[2].tokens_per_month, 1.46e9, 1);
  EXPECT_EQ(final_crossing(found), found[2].tokens_per_month);
}

TEST(Crossings, AreNoneWhereATokenCostsNoLess) {
  Breakeven dear = round();
  dear.api_usd_per_mtok = dear.planned_price();
  EXPECT_TRUE(crossings(dear).empty());
  EXPECT_TRUE(std::isinf(final_crossing({})));
  dear.api_usd_per_mtok = 0;
  EXPECT_TRUE(crossings(dear).empty());
  dear.api_usd_per_mtok = 5;
  dear.usd_per_mtok_marginal = 6;
  EXPECT_TRUE(crossings(dear).empty());
  EXPECT_TRUE(std::isinf(dear.breakeven_utilisation()));
}

TEST(Crossings, OfFreeCardsStartAtZero) {
  Breakeven free = round();
  free.gpu_usd_per_hour = 0;
  const auto found = crossings(free);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].tokens_per_month, 0);
}

TEST(Crossings, EndThoughThePriceIsNearTheCost) {
  Breakeven near = round();
  near.api_usd_per_mtok = near.planned_price() * (1 + 1e-9);
  near.ops_usd_per_month = 1e6;
  EXPECT_LE(crossings(near, 100).size(), 100U);
}

// Own and API cost, seen only through the functions of the struct, change sides exactly there.
TEST(Crossings, AgreeWithTheCostsOnRandomCases) {
  Rng rng(7, "crossings");
  for (int round = 0; round < 300; ++round) {
    Breakeven own{0.2 + rng.uniform() * 3,
                  0.5 + rng.uniform() * 4,
                  1 + static_cast<double>(rng.below(8)),
                  500 + rng.uniform() * 5000,
                  0.1 + 0.9 * rng.uniform(),
                  rng.uniform() * 5000,
                  rng.uniform() * 0.1};
    const auto found = crossings(own, 40);
    bool cheaper = false;
    double from = 0;
    for (const auto& crossing : found) {
      const double middle = from + 0.5 * (crossing.tokens_per_month - from);
      if (middle > 0) {
        EXPECT_EQ(own.own_usd_per_month(middle) < own.api_usd_per_month(middle), cheaper);
      }
      EXPECT_NE(crossing.own_is_cheaper_above, cheaper);
      cheaper = crossing.own_is_cheaper_above;
      from = crossing.tokens_per_month;
      const double above = from * (1 + 1e-9);
      EXPECT_EQ(own.own_usd_per_month(above) < own.api_usd_per_month(above), cheaper);
      EXPECT_NEAR(own.own_usd_per_month(above) / crossing.own_usd_per_month, 1, 1e-6);
      EXPECT_LE(crossing.utilisation, own.utilisation + 1e-9);
    }
    if (found.empty() || found.size() == 40) continue;
    for (double volume = from * 1.0001; volume < 40 * from; volume *= 1.07) {
      EXPECT_LT(own.own_usd_per_month(volume), own.api_usd_per_month(volume));
    }
  }
}

TEST(FallingPrice, HalvesAndAverages) {
  EXPECT_NEAR(falling_price(1, 4, 6), 0.5, 1e-12);
  EXPECT_EQ(mean_falling_price(2, 1, 12), 2);
  // Mean of 4^-t over a year: (1 - 1/4) / ln 4.
  EXPECT_NEAR(mean_falling_price(1, 4, 12), 0.75 / std::log(4.0), 1e-12);
  EXPECT_NEAR(months_until(1, 0.5, 4).value(), 6, 1e-12);
  EXPECT_EQ(months_until(0.4, 0.5, 4), 0);
  EXPECT_FALSE(months_until(1, 0.5, 1));
  EXPECT_FALSE(months_until(1, 0, 4));
}

TEST(BreakevenInputs, MakeOne) {
  Assumptions given(breakeven_kinds());
  EXPECT_THROW(breakeven_from(given), Error);
  const auto set = [&](const char* key, const char* text) { given.set(key, text, "", "", "test"); };
  set("price-input", "0.55");
  set("price-output", "2.19");
  set("gpu-hour", "2");
  set("tokens-per-s", "1000");
  set("joules-per-token", "0.36");
  set("electricity", "0.1");
  set("pue", "1.25");
  const Breakeven made = breakeven_from(given);
  EXPECT_NEAR(made.api_usd_per_mtok, 0.96, 1e-12);
  EXPECT_NEAR(made.usd_per_mtok_marginal, 0.1 * 1.25 * 0.1, 1e-12);
  EXPECT_EQ(made.utilisation, 0.5);
  set("mix-cached", "2");
  EXPECT_THROW(breakeven_from(given), Error);
  set("price-cached", "0.14");
  EXPECT_NEAR(breakeven_from(given).api_usd_per_mtok, (3 * 0.55 + 2 * 0.14 + 2.19) / 6, 1e-12);
  EXPECT_THROW(set("gpus-per-replica", "1.5"), Error);
}

}  // namespace
}  // namespace pingjia::harness

#include "harness/money/owned_card.h"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/money/gpu_ledger.h"

namespace pingjia::harness {
namespace {

// Golden vector G8 of research/cost.md: an RTX 4090 under a desk.
OwnedCard desk() {
  OwnedCard card;
  card.purchase = parse_usd("1599", "t");
  card.host_share = parse_usd("800", "t");
  card.residual = parse_usd("600", "t");
  card.interest = 0.08;
  card.years = 3;
  card.active_w = 600;
  card.idle_w = 80;
  card.electricity_per_kwh = parse_usd("0.17", "t");
  return card;
}

TEST(OwnedCard, IsTheGoldenCard) {
  EXPECT_NEAR(capital_recovery_factor(0.08, 3), 0.388034, 5e-7);
  const OwnedRate full = rate_of(desk());
  EXPECT_NEAR(full.capital.usd(), 0.08517, 5e-6);
  EXPECT_NEAR(full.per_hour.usd(), 0.18717, 5e-6);
  EXPECT_EQ(full.energy, parse_usd("0.102", "t"));
  EXPECT_EQ(full.per_active_hour, full.per_hour);
  // 54.34 tokens/s of one stream: $0.957 per million.
  EXPECT_NEAR(full.per_hour.usd() / (54.34 * 3600 / 1e6), 0.957, 0.0005);
}

TEST(OwnedCard, CarriesItsIdleHours) {
  OwnedCard card = desk();
  card.utilisation = 0.3;
  const OwnedRate rate = rate_of(card);
  EXPECT_NEAR(rate.per_hour.usd(), 0.12529, 5e-6);
  EXPECT_EQ(rate.energy, parse_usd("0.04012", "t"));
  // 2,000 tokens/s batched while it works: $0.0580 per million.
  EXPECT_NEAR(rate.per_active_hour.usd() / (2000 * 3600 / 1e6), 0.0580, 0.00005);
}

TEST(OwnedCard, IsExactWhereArithmeticIs) {
  OwnedCard card;
  card.purchase = parse_usd("26280", "t");
  card.interest = 0;
  card.years = 3;
  card.operations_per_year = parse_usd("876", "t");
  card.pue = 1.25;
  card.active_w = 400;
  card.electricity_per_kwh = parse_usd("0.1", "t");
  const OwnedRate rate = rate_of(card);
  EXPECT_EQ(rate.capital, parse_usd("1", "t"));
  EXPECT_EQ(rate.energy, parse_usd("0.05", "t"));
  EXPECT_EQ(rate.operations, parse_usd("0.1", "t"));
  EXPECT_EQ(rate.per_hour, parse_usd("1.15", "t"));
}

TEST(OwnedCard, InterestOfAlmostNothingIsNoInterest) {
  EXPECT_NEAR(capital_recovery_factor(1e-9, 4), 0.25, 1e-8);
  EXPECT_EQ(capital_recovery_factor(0, 4), 0.25);
}

TEST(OwnedCard, IsWorthItsPaymentsAtEveryRate) {
  for (const double interest : {0.01, 0.05, 0.12, 0.3}) {
    for (const double years : {1.0, 2.5, 3.0, 7.0}) {
      double worth = 0;
      if (years == std::floor(years)) {
        for (int year = 1; year <= static_cast<int>(years); ++year) {
          worth += capital_recovery_factor(interest, years) / std::pow(1 + interest, year);
        }
        EXPECT_NEAR(worth, 1, 1e-12) << interest << " " << years;
      }
      OwnedCard card = desk();
      card.interest = interest;
      card.years = years;
      OwnedCard used = card;
      used.utilisation = 0.5;
      EXPECT_LT(rate_of(used).per_hour, rate_of(card).per_hour);
      EXPECT_GT(rate_of(used).per_active_hour, rate_of(card).per_active_hour);
    }
  }
}

}  // namespace
}  // namespace pingjia::harness

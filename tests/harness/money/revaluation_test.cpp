#include "harness/money/revaluation.h"

#include <gtest/gtest.h>

namespace pingjia::harness {
namespace {

// Two hours on four GPUs: 8 million tokens, 4,000 right answers, 3 kWh, idle at 500 W.
Work served() {
  return {6e6, 2e6, 4'000, 2.0, 4, 3 * 3.6e6, 500.0};
}

TEST(Revaluation, AMachineCostsItsHours) {
  const Revaluation value = revalue(served(), MachineRates{10, 0, 1, 1});
  EXPECT_DOUBLE_EQ(*value.usd, 20);
  EXPECT_DOUBLE_EQ(*value.usd_per_mtok, 2.5);
  EXPECT_DOUBLE_EQ(*value.usd_per_correct, 0.005);
  EXPECT_DOUBLE_EQ(*value.machine_hours_per_million_correct, 500);
  EXPECT_DOUBLE_EQ(*value.gpu_hours_per_million_correct, 2'000);
  EXPECT_EQ(*value.energy_usd, 0);
}

TEST(Revaluation, HoursThatGoUnusedArePaidForToo) {
  const Revaluation value = revalue(served(), MachineRates{10, 0, 1, 0.25});
  EXPECT_DOUBLE_EQ(*value.usd, 80);
  EXPECT_DOUBLE_EQ(*value.machine_hours_per_million_correct, 2'000);
}

TEST(Revaluation, ElectricityIsAddedWithIdleHoursAndPue) {
  // 2 of 8 hours serve: 3 kWh, and 6 h x 0.5 kW; by 1.5, at $0.20.
  const Revaluation value = revalue(served(), MachineRates{1, 0.2, 1.5, 0.25});
  EXPECT_DOUBLE_EQ(*value.energy_usd, 6 * 1.5 * 0.2);
  EXPECT_DOUBLE_EQ(*value.usd, 8 + 1.8);
  EXPECT_DOUBLE_EQ(*value.energy_share, 1.8 / 9.8);
}

TEST(Revaluation, WhatWasNotMeasuredIsUnknownOnlyWhereItCounts) {
  Work work = served();
  work.idle_w.reset();
  EXPECT_TRUE(revalue(work, MachineRates{1, 0.2, 1, 1}).usd);
  const Revaluation idle = revalue(work, MachineRates{1, 0.2, 1, 0.5});
  EXPECT_FALSE(idle.usd);
  EXPECT_NE(idle.unknown.find("idle power"), std::string_view::npos);
  EXPECT_TRUE(idle.machine_hours_per_million_correct);
  work.joules.reset();
  EXPECT_TRUE(revalue(work, MachineRates{1, 0, 1, 0.5}).usd);
  EXPECT_NE(revalue(work, MachineRates{1, 0.2, 1, 1}).unknown.find("joules"),
            std::string_view::npos);
  EXPECT_NE(revalue(served(), MachineRates{}).unknown.find("hour"), std::string_view::npos);
  work.machine_hours.reset();
  EXPECT_FALSE(revalue(work, MachineRates{1, 0, 1, 1}).machine_hours_per_million_correct);
}

TEST(Revaluation, AnApiCostsItsTokens) {
  const Revaluation value = revalue(served(), TokenRates{0.5, 2});
  EXPECT_DOUBLE_EQ(*value.usd, 3 + 4);
  EXPECT_DOUBLE_EQ(*value.usd_per_mtok, 7.0 / 8);
  EXPECT_FALSE(value.energy_usd);
  EXPECT_FALSE(value.machine_hours_per_million_correct);
  EXPECT_FALSE(revalue(served(), TokenRates{0.5, {}}).usd);
  Work scored = served();
  scored.output_tokens = 0;
  EXPECT_DOUBLE_EQ(*revalue(scored, TokenRates{0.5, {}}).usd, 3);
  scored.input_tokens.reset();
  EXPECT_FALSE(revalue(scored, TokenRates{0.5, 2}).usd);
}

TEST(Revaluation, NothingIsDividedByNothing) {
  Work work = served();
  work.right = 0;
  const Revaluation value = revalue(work, MachineRates{10, 0, 1, 1});
  EXPECT_FALSE(value.usd_per_correct);
  EXPECT_FALSE(value.machine_hours_per_million_correct);
  EXPECT_FALSE(units_of(work, Per::kCorrect));
  work.input_tokens = work.output_tokens = 0;
  EXPECT_FALSE(revalue(work, MachineRates{10, 0, 1, 1}).usd_per_mtok);
}

TEST(Revaluation, BreakevenRentCostsWhatTheOtherCosts) {
  for (const Per per : {Per::kMtok, Per::kCorrect}) {
    MachineRates rates{10, 0.3, 1.2, 0.4};
    const double other = *usd_per(revalue(served(), rates), per) * 1.7;
    rates.usd_per_hour = breakeven_rent(served(), rates, per, other);
    ASSERT_TRUE(rates.usd_per_hour);
    EXPECT_GT(*rates.usd_per_hour, 17);  // Energy does not rise with the rent.
    EXPECT_NEAR(*usd_per(revalue(served(), rates), per), other, 1e-12);
  }
}

TEST(Revaluation, ThereIsNoRentWhereEnergyAloneCostsMore) {
  const MachineRates rates{10, 0.3, 1, 1};
  EXPECT_FALSE(breakeven_rent(served(), rates, Per::kMtok, 0.89 / 8));
  EXPECT_TRUE(breakeven_rent(served(), rates, Per::kMtok, 0.91 / 8));
  EXPECT_FALSE(breakeven_rent({6e6, 2e6, 5, {}, 0, {}, {}}, rates, Per::kMtok, 1));
}

TEST(LoadCrossings, AreStraightOnLogAxes) {
  // Half as dear at four times the load, and level: they meet where a has fallen to 2.
  const std::vector<LoadPoint> a{{1, 4}, {16, 1}};
  const std::vector<LoadPoint> level{{1, 2}, {64, 2}};
  const auto found = load_crossings(a, level);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0], 4, 1e-12);
  EXPECT_EQ(load_crossings(level, a).size(), 1U);
}

TEST(LoadCrossings, LinesEndWhereTheyWereMeasured) {
  const std::vector<LoadPoint> a{{1, 4}, {16, 1}};
  EXPECT_NEAR(*usd_at_load(a, 4), 2, 1e-12);
  EXPECT_EQ(*usd_at_load(a, 16), 1);
  EXPECT_FALSE(usd_at_load(a, 0.5));
  EXPECT_FALSE(usd_at_load(a, 17));
  EXPECT_FALSE(usd_at_load({}, 1));
}

TEST(LoadCrossings, LieOnlyWhereBothWereMeasured) {
  const std::vector<LoadPoint> a{{1, 4}, {16, 1}};
  EXPECT_TRUE(load_crossings(a, std::vector<LoadPoint>{{32, 1}, {64, 9}}).empty());
  EXPECT_TRUE(load_crossings(a, std::vector<LoadPoint>{{8, 0.1}, {64, 0.1}}).empty());
  EXPECT_TRUE(load_crossings(a, a).empty());
  EXPECT_TRUE(load_crossings(a, {}).empty());
  const std::vector<LoadPoint> bent{{1, 3}, {2, 3}, {4, 1}, {16, 3}};
  EXPECT_EQ(load_crossings(a, bent).size(), 3U);
  // Through a measured point of both, and touching one.
  const std::vector<LoadPoint> b{{1, 4}, {4, 2}, {16, 2}};
  EXPECT_TRUE(load_crossings(b, std::vector<LoadPoint>{{1, 8}, {4, 2}, {16, 8}}).empty());
  const auto at_bend = load_crossings(b, std::vector<LoadPoint>{{1, 8}, {4, 2}, {16, 1}});
  ASSERT_EQ(at_bend.size(), 1U);
  EXPECT_NEAR(at_bend[0], 4, 1e-12);
}

}  // namespace
}  // namespace pingjia::harness

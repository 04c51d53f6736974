#include "harness/money/wall_clock.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"

namespace pingjia::harness {
namespace {

TEST(WallClock, TurnsStampsIntoTimesOfDay) {
  const WallClock clock{1'000, 50 * kSecond};
  EXPECT_EQ(clock.at(50 * kSecond), 1'000);
  EXPECT_EQ(clock.at(51 * kSecond - 1), 1'000);
  EXPECT_EQ(clock.at(51 * kSecond), 1'001);
  EXPECT_EQ(clock.at(50 * kSecond - 1), 999);
}

TEST(WallClocks, SurviveJson) {
  const WallClocks clocks{{0, {1'000, 5}}, {2, {2'000, 7}}};
  const auto again = wall_clocks_from_json(to_json(clocks), "run.json");
  EXPECT_EQ(again.at(2).utc, 2'000);
  EXPECT_EQ(again.at(0).clock, 5);
  EXPECT_TRUE(wall_clocks_from_json(nullptr, "run.json").empty());
  EXPECT_THROW(wall_clocks_from_json({{"session", 0}}, "run.json"), Error);
}

}  // namespace
}  // namespace pingjia::harness

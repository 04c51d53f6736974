#include "harness/money/tornado.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

namespace pingjia::harness {
namespace {

constexpr std::array<AssumptionKind, 5> kKinds{{
    {"small", "", "", "10", "", ""},
    {"wide", "", "", "1..2..5", "", ""},
    {"idle", "", "", "3", "", ""},
    {"none", "", "", "", "", ""},
    {"whole", "", "", "8", "", "", 1, 100, true},
}};

TEST(Tornado, SortsByTheSwingAndLeavesOutWhatMovesNothing) {
  const auto swings = tornado(Assumptions(kKinds), [](const Assumptions& given) {
    return given.at("small") * given.at("wide") * (given.at("whole") / 8);
  });
  ASSERT_EQ(swings.size(), 2U);
  EXPECT_EQ(swings[0].key, "wide");
  EXPECT_EQ(swings[0].at_low, 10);
  EXPECT_EQ(swings[0].at_high, 50);
  EXPECT_FALSE(swings[0].assumed_range);
  EXPECT_EQ(swings[1].key, "small");
  EXPECT_EQ(swings[1].at_low, 16);
  EXPECT_EQ(swings[1].at_high, 24);
  EXPECT_TRUE(swings[1].assumed_range);
}

TEST(Tornado, PutsNeverFirst) {
  const auto swings = tornado(Assumptions(kKinds), [](const Assumptions& given) {
    if (given.at("small") > 11) return std::numeric_limits<double>::infinity();
    return given.at("wide");
  });
  ASSERT_EQ(swings.size(), 2U);
  EXPECT_EQ(swings[0].key, "small");
  EXPECT_TRUE(std::isinf(swings[0].at_high));
}

}  // namespace
}  // namespace pingjia::harness

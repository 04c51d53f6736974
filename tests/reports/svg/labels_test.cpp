#include "reports/svg/labels.h"

#include <gtest/gtest.h>

#include "harness/base/rng.h"

namespace pingjia::reports {
namespace {

constexpr Box kPlot{0, 0, 500, 300};

TEST(Labels, StandRightOfTheirPointWhenThereIsRoom) {
  LabelPlacer placer(kPlot, 12);
  const auto place = placer.place(100, 100, "dense");
  ASSERT_TRUE(place);
  EXPECT_STREQ(place->anchor, "start");
  EXPECT_DOUBLE_EQ(place->x, 110);
  EXPECT_FALSE(place->far);
}

TEST(Labels, TurnLeftAtTheRightEdge) {
  LabelPlacer placer(kPlot, 12);
  const auto place = placer.place(495, 100, "dense");
  ASSERT_TRUE(place);
  EXPECT_STREQ(place->anchor, "end");
}

TEST(Labels, NeverMeetEachOtherOrLeaveThePlot) {
  LabelPlacer placer(kPlot, 12);
  harness::Rng rng(3, "labels");
  std::vector<Box> placed;
  for (int i = 0; i < 60; ++i) {
    const auto place = placer.place(500 * rng.uniform(), 300 * rng.uniform(), "some-model");
    if (!place) continue;
    EXPECT_TRUE(kPlot.holds(place->box));
    for (const auto& other : placed) EXPECT_FALSE(place->box.meets(other));
    placed.push_back(place->box);
  }
  EXPECT_GT(placed.size(), 20U);
}

TEST(Labels, AreLeftOutWhereThereIsNoRoom) {
  LabelPlacer placer({0, 0, 50, 20}, 12);
  EXPECT_FALSE(placer.place(25, 10, "a name that is much too long for this"));
}

}  // namespace
}  // namespace pingjia::reports

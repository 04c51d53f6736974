#include "reports/svg/scale.h"

#include <gtest/gtest.h>

namespace pingjia::reports {
namespace {

std::vector<std::string> labels(const Scale& scale, double gap) {
  std::vector<std::string> list;
  for (const auto& tick : ticks(scale, gap)) list.push_back(tick.label);
  return list;
}

using Labels = std::vector<std::string>;

TEST(Scale, MapsEndsToEnds) {
  const Scale linear{false, 0, 2, 10, 110};
  EXPECT_DOUBLE_EQ(linear(0), 10);
  EXPECT_DOUBLE_EQ(linear(2), 110);
  const Scale log{true, 1, 100, 0, 200};
  EXPECT_DOUBLE_EQ(log(10), 100);
}

TEST(Scale, AFractionAxisStaysWithinZeroAndOne) {
  const Scale scale = fraction_scale(0.02, 0.99, 0, 1);
  EXPECT_GE(scale.low, 0);
  EXPECT_LE(scale.high, 1);
}

TEST(Scale, OnePointStillHasAnAxis) {
  const Scale log = log_scale(0.3, 0.3, 0, 300);
  EXPECT_GE(log.high / log.low, 4.9);
  const Scale fraction = fraction_scale(0.5, 0.5, 0, 300);
  EXPECT_GE(fraction.high - fraction.low, 0.09);
}

TEST(Ticks, OneTwoFiveWhereTheyFit) {
  EXPECT_EQ(labels({true, 0.09, 11, 0, 600}, 40),
            (Labels{"0.1", "0.2", "0.5", "1", "2", "5", "10"}));
}

TEST(Ticks, FewerWhereTheyDoNot) {
  EXPECT_EQ(labels({true, 0.9, 1100, 0, 300}, 40),
            (Labels{"1", "3", "10", "30", "100", "300", "1,000"}));
  EXPECT_EQ(labels({true, 0.9, 1.1e6, 0, 200}, 60), (Labels{"1", "100", "10,000", "1,000,000"}));
}

TEST(Ticks, FinerOnAShortAxis) {
  EXPECT_EQ(labels({true, 2.1, 9, 0, 500}, 40), (Labels{"3", "4", "5", "6", "8"}));
}

TEST(Ticks, LinearLabelsHaveTheSameDecimals) {
  EXPECT_EQ(labels({false, 0.63, 0.82, 0, 200}, 36), (Labels{"0.65", "0.70", "0.75", "0.80"}));
  EXPECT_EQ(labels({false, 0, 1, 300, 0}, 36), (Labels{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}));
}

TEST(Ticks, LongAndShortAxesHaveAFew) {
  for (const double high : {1e-7, 1e-3, 20.0, 3e6, 4e12}) {
    const auto list = ticks({false, 0, high, 0, 300}, 40);
    EXPECT_GE(list.size(), 3U) << high;
    EXPECT_LE(list.size(), 8U) << high;
  }
}

}  // namespace
}  // namespace pingjia::reports

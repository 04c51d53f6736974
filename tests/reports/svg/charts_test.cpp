#include <gtest/gtest.h>

#include "reports/svg/latency_ecdf.h"

namespace pingjia::reports {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(LatencyEcdf, NearestRankIsAnObservedValue) {
  const std::vector<double> values{1, 2, 3, 4};
  EXPECT_EQ(nearest_rank(values, 0.5), 2);
  EXPECT_EQ(nearest_rank(values, 0.51), 3);
  EXPECT_EQ(nearest_rank(values, 0), 1);
  EXPECT_EQ(nearest_rank(values, 1), 4);
}

TEST(LatencyEcdf, StaysSmallHoweverManyAnswers) {
  LatencySeries many{"many", 0, {}, 50.0};
  for (int i = 1; i <= 100'000; ++i) many.values.push_back(i * 0.001);
  const auto svg = latency_ecdf_svg({many}, "ms", kWide);
  EXPECT_LT(svg.size(), 8'000U);
  EXPECT_EQ(count(svg, "class=\"curve\""), 1U);
  EXPECT_EQ(count(svg, ">many 50.0</text>"), 1U);
}

TEST(LatencyEcdf, ZerosStandAtTheLeftEdge) {
  const auto svg = latency_ecdf_svg({{"a", 0, {0, 0, 2, 5}, 2.0}, {"b", 1, {0}, 0.0}}, "ms", kWide);
  EXPECT_EQ(count(svg, "class=\"curve"), 2U);
  EXPECT_EQ(count(svg, "nan"), 0U);
  EXPECT_EQ(count(svg, "inf"), 0U);
  EXPECT_EQ(count(svg, "d=\"M46.0 "), 2U);
}

TEST(LatencyEcdf, OneValueAndNoMedianStillDraw) {
  const auto svg = latency_ecdf_svg({{"one", 0, {5.0}, std::nullopt}}, "ms", kNarrow);
  EXPECT_EQ(count(svg, "class=\"curve\""), 1U);
  EXPECT_EQ(count(svg, "nan"), 0U);
}

}  // namespace
}  // namespace pingjia::reports

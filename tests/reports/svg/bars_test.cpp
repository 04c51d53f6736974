#include "reports/svg/bars.h"

#include <gtest/gtest.h>

namespace pingjia::reports {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(Bars, AreAsLongAsTheirValues) {
  const std::string svg =
      bars_svg({{"a", 0, 50, {}, {}}, {"b", 1, 100, {}, {}}}, "W", bars_canvas(2));
  // 276 pixels from zero to the most.
  EXPECT_EQ(count(svg, "width=\"138.0\""), 1U);
  EXPECT_EQ(count(svg, "width=\"276.0\""), 1U);
  EXPECT_EQ(count(svg, "class=\"whisker\""), 0U);
  EXPECT_NE(svg.find("<title>b: 100</title>"), std::string::npos);
}

TEST(Bars, ReachTheEndOfTheirIntervals) {
  const std::string svg = bars_svg({{"a", 0, 50, 25, 100}}, "W", bars_canvas(1));
  EXPECT_EQ(count(svg, "width=\"138.0\""), 1U);
  EXPECT_NE(svg.find("d=\"M77.0 31.0H284.0"), std::string::npos);
  EXPECT_NE(svg.find("<title>a: 50.0 [25.0, 100]</title>"), std::string::npos);
}

TEST(Bars, WhatIsUnknownHasADash) {
  const std::string svg =
      bars_svg({{"<a>", 0, {}, {}, {}}, {"b", 1, 1, {}, {}}}, "W", bars_canvas(2));
  EXPECT_NE(svg.find(">—</text>"), std::string::npos);
  EXPECT_NE(svg.find("<title>&lt;a&gt;: unknown</title>"), std::string::npos);
  EXPECT_EQ(count(svg, "width=\"0.0\""), 1U);
  // Nothing known at all still draws.
  EXPECT_NE(bars_svg({{"a", 0, {}, {}, {}}}, "W", bars_canvas(1)).find("</svg>"),
            std::string::npos);
}

}  // namespace
}  // namespace pingjia::reports

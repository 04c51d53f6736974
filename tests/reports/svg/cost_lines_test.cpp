#include "reports/svg/cost_lines.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pingjia::reports {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

CostLines two_lines() {
  CostLines chart;
  chart.lines = {{"machine", 0, false, {{1, 1, false}, {10, 10, true}}},
                 {"API", 1, true, {{1, 4, true}, {10, 4, false}}}};
  chart.flips = {{4, 4, "machine costs what API does"}};
  chart.x_title = "rent";
  chart.y_title = "$";
  return chart;
}

TEST(CostLines, DrawsALineAMarkAndAFlip) {
  const std::string svg = cost_lines_svg(two_lines(), kWide);
  EXPECT_EQ(count(svg, "class=\"curve\""), 1U);
  EXPECT_EQ(count(svg, "class=\"curve thin d1\""), 1U);  // It does not depend on the axis.
  EXPECT_EQ(count(svg, "<g class=\"mark\">"), 2U);
  EXPECT_EQ(count(svg, "<g class=\"flip\"><title>machine costs what API does</title>"), 1U);
  EXPECT_NE(svg.find(">4.00</text>"), std::string::npos);
}

TEST(CostLines, NamesLinesWhereThereIsRoom) {
  EXPECT_EQ(count(cost_lines_svg(two_lines(), kWide), "class=\"label\""), 2U);
  EXPECT_EQ(count(cost_lines_svg(two_lines(), kNarrow), "class=\"label\""), 0U);
}

TEST(CostLines, NamesKeepOffEachOther) {
  CostLines chart = two_lines();
  for (std::size_t i = 0; i < 6; ++i) {
    chart.lines.push_back({"same", i, true, {{1, 4, true}, {10, 4, false}}});
  }
  const std::string svg = cost_lines_svg(chart, kWide);
  EXPECT_EQ(count(svg, "class=\"label\""), 8U);
  // Six at one height stand 14 pixels apart.
  std::vector<double> heights;
  for (auto at = svg.find("class=\"label\""); at != std::string::npos;
       at = svg.find("class=\"label\"", at + 1)) {
    heights.push_back(std::stod(svg.substr(svg.rfind("y=\"", at) + 3)));
  }
  std::sort(heights.begin(), heights.end());
  for (std::size_t i = 1; i < heights.size(); ++i) EXPECT_GE(heights[i] - heights[i - 1], 13.9);
}

TEST(CostLines, OneLoadAloneIsAPointInTheMiddle) {
  CostLines chart;
  chart.lines = {{"a", 0, false, {{8, 2, true}}}};
  const std::string svg = cost_lines_svg(chart, kNarrow);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(count(svg, "<g class=\"mark\">"), 1U);
}

}  // namespace
}  // namespace pingjia::reports

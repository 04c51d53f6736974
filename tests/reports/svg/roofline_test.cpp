#include "reports/svg/roofline.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pingjia::reports {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

RooflinePoint point(double intensity, double rate, bool ours = true) {
  return {"amx, 512", 1, ours, intensity, rate, 0.98 * rate, 1.02 * rate};
}

Roofline machine(std::vector<RooflinePoint> points) {
  return {std::move(points), {{"dram", 2e10, true}, {"bf16", 3e12, false}}};
}

double attribute(const std::string& svg, std::size_t from, const std::string& name) {
  return std::stod(svg.substr(svg.find(name + "=\"", from) + name.size() + 2));
}

TEST(Roofline, BandwidthEndsWhereTheRateBegins) {
  const auto svg = roofline_svg(machine({point(1, 1e10), point(500, 2e12)}), kWide);
  const auto slope = svg.find("<line", svg.find("class=\"axis\""));
  ASSERT_NE(slope, std::string::npos);
  const auto level = svg.find("<line", slope + 5);
  EXPECT_EQ(count(svg, "class=\"roof\""), 2u);
  // The bandwidth comes first in the list of roofs; its upper end lies on the rate's line.
  EXPECT_NEAR(attribute(svg, slope, "y2"), attribute(svg, level, "y1"), 0.15);
  EXPECT_LT(attribute(svg, slope, "y2"), attribute(svg, slope, "y1"));
  EXPECT_EQ(attribute(svg, level, "y1"), attribute(svg, level, "y2"));
  EXPECT_NE(svg.find("dram 20.0 GB/s"), std::string::npos);
  EXPECT_NE(svg.find("bf16 3.00 TFLOP/s"), std::string::npos);
}

TEST(Roofline, OthersAreHollow) {
  const auto svg = roofline_svg(machine({point(1, 1e10), point(2, 1e10, false)}), kWide);
  EXPECT_EQ(count(svg, "class=\"mark\""), 2u);
  EXPECT_EQ(count(svg, "class=\"s1 other\""), 1u);
  EXPECT_NE(svg.find("<title>amx, 512: 0.0100 TFLOP/s at 1.00 FLOP/byte</title>"),
            std::string::npos)
      << svg;
}

TEST(Roofline, WithoutRoofsIsStillAChart) {
  const auto svg = roofline_svg({{point(1, 1e10)}, {}}, kNarrow);
  EXPECT_EQ(count(svg, "class=\"roof\""), 0u);
  EXPECT_EQ(count(svg, "class=\"mark\""), 1u);
  EXPECT_EQ(count(svg, "nan"), 0u);
  EXPECT_EQ(count(svg, "inf"), 0u);
}

TEST(Roofline, SpeaksOfTheFirstPointsOnly) {
  const auto svg = roofline_svg(machine(std::vector<RooflinePoint>(20, point(1, 1e10))), kWide);
  EXPECT_NE(svg.find("8 more stand in the table."), std::string::npos);
}

}  // namespace
}  // namespace pingjia::reports

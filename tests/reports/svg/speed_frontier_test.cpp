#include "reports/svg/speed_frontier.h"

#include <gtest/gtest.h>

namespace pingjia::reports {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

SpeedPoint point(const std::string& label, double per_user, double per_device, bool whole = true) {
  return {label, 0, whole, per_user, 0.9 * per_user, 1.1 * per_user, per_device};
}

SpeedFrontier speed_of(std::vector<SpeedPoint> points, std::optional<double> usd = {}) {
  return {std::move(points), "tokens/s per user", "tokens/s per GPU", usd};
}

// The height of the line labelled `text`.
double height_of(const std::string& svg, const std::string& text) {
  const auto label = svg.find(">" + text + "</text>");
  EXPECT_NE(label, std::string::npos) << text;
  if (label == std::string::npos) return 0;
  const auto place = svg.rfind(" y1=\"", label);
  return std::stod(svg.substr(place + 5));
}

TEST(SpeedFrontier, LabelsSystemsAndNotTheirSuites) {
  const auto svg = speed_frontier_svg(
      speed_of({point("a", 50, 1000), point("b", 100, 300), point("a · s", 55, 900, false)}),
      kWide);
  EXPECT_EQ(count(svg, "class=\"mark\""), 3U);
  EXPECT_EQ(count(svg, "faded"), 1U);
  EXPECT_EQ(count(svg, ">a</text>"), 1U);
  EXPECT_EQ(count(svg, ">b</text>"), 1U);
  EXPECT_EQ(count(svg, ">a · s</text>"), 0U);
  EXPECT_EQ(count(svg, "class=\"bar\""), 2U);
}

TEST(SpeedFrontier, TheFrontIsOfWholeSystemsOnly) {
  // Were the small mark on the front, it would be its only step.
  const auto svg = speed_frontier_svg(
      speed_of({point("a", 50, 1000), point("b", 100, 300), point("s", 900, 9000, false)}), kWide);
  const auto path = svg.find("class=\"front\" d=\"");
  ASSERT_NE(path, std::string::npos);
  const std::string steps = svg.substr(path, svg.find("/>", path) - path);
  EXPECT_EQ(count(steps, "V"), 2U);
}

TEST(SpeedFrontier, OnePointIsNoFrontier) {
  const auto svg = speed_frontier_svg(speed_of({point("a", 50, 1000)}), kNarrow);
  EXPECT_EQ(count(svg, "class=\"front\""), 0U);
  EXPECT_EQ(count(svg, "nan"), 0U);
}

TEST(SpeedFrontier, DearerLinesLieLower) {
  // At $3.60 an hour one token/s is $1,000 a million: 1,000 tokens/s are a dollar.
  const auto svg =
      speed_frontier_svg(speed_of({point("a", 50, 200), point("b", 100, 2000)}, 1000.0), kWide);
  EXPECT_GE(count(svg, "class=\"iso\""), 3U);
  EXPECT_LT(height_of(svg, "$1/Mtok"), height_of(svg, "$5/Mtok"));
  EXPECT_NE(svg.find("a: tokens/s per user 50.0, tokens/s per GPU 200, $5.00 per Mtok output"),
            std::string::npos);
}

TEST(SpeedFrontier, WithoutARateThereAreNoLines) {
  EXPECT_EQ(count(speed_frontier_svg(speed_of({point("a", 50, 200)}), kWide), "class=\"iso\""), 0U);
}

}  // namespace
}  // namespace pingjia::reports

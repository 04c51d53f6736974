#include "reports/svg/timeline.h"

#include <gtest/gtest.h>

namespace pingjia::reports {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

Timeline timeline_of(std::vector<TimelineBin> bins) {
  for (std::size_t i = 0; i < bins.size(); ++i) {
    bins[i].begin_s = static_cast<double>(i);
    bins[i].end_s = static_cast<double>(i + 1);
  }
  return {"one", 0, std::move(bins)};
}

TimelineBin bin(double in_flight, double tokens_per_s, std::int64_t failures = 0,
                std::optional<double> power = {}) {
  return {0, 0, in_flight, tokens_per_s, failures, power};
}

TEST(TimelineChart, ATickForEachBinWithFailures) {
  const auto svg =
      timeline_svg(timeline_of({bin(1, 10, 2), bin(2, 20), bin(1, 0, 1)}), timeline_canvas(false));
  EXPECT_EQ(count(svg, "mark fail"), 2U);
  EXPECT_NE(svg.find("<title>one: 2 failed at 0 s</title>"), std::string::npos);
  EXPECT_NE(svg.find("<title>one: 1 failed at 2.00 s</title>"), std::string::npos);
  EXPECT_EQ(count(svg, "power"), 0U);
}

TEST(TimelineChart, PowerHasAPanelAndGapsWhereItIsUnknown) {
  const Timeline timeline =
      timeline_of({bin(1, 1, 0, 200), bin(1, 1), bin(1, 1, 0, 300), bin(1, 1, 0, 250)});
  EXPECT_TRUE(has_power(timeline));
  const auto svg = timeline_svg(timeline, timeline_canvas(true));
  EXPECT_NE(svg.find(">power, W</text>"), std::string::npos);
  const auto path = svg.find("<path class=\"curve thin\"", svg.find(">power, W</text>"));
  ASSERT_NE(path, std::string::npos);
  EXPECT_EQ(count(svg.substr(path, svg.find("/>", path) - path), "M"), 2U);
}

TEST(TimelineChart, NothingWrittenStillDraws) {
  const auto svg = timeline_svg(timeline_of({bin(1, 0, 1)}), timeline_canvas(false));
  EXPECT_EQ(count(svg, "nan"), 0U);
  EXPECT_EQ(count(svg, "inf"), 0U);
}

TEST(TimelineChart, FastSystemsAndLongRunsChangeUnits) {
  std::vector<TimelineBin> bins(200, bin(256, 123'456));
  Timeline timeline = timeline_of(bins);
  for (auto& one : timeline.bins) one.begin_s *= 60, one.end_s *= 60;
  const auto svg = timeline_svg(timeline, timeline_canvas(false));
  EXPECT_NE(svg.find("output tokens/s, thousands"), std::string::npos);
  EXPECT_NE(svg.find("time since its first request, h"), std::string::npos);
  EXPECT_LT(svg.size(), 6'000U);  // Equal bins make no steps.
}

TEST(TimeUnits, AreThoseThatReadBest) {
  EXPECT_STREQ(time_unit(120).name, "s");
  EXPECT_STREQ(time_unit(1200).name, "min");
  EXPECT_STREQ(time_unit(20'000).name, "h");
}

}  // namespace
}  // namespace pingjia::reports

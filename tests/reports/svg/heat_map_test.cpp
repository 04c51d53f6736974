#include "reports/svg/heat_map.h"

#include <gtest/gtest.h>

namespace pingjia::reports {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

HeatMap map_of() {
  return {"batch × length",
          {{"amx", 0, true}, {"onednn", 1, false}},
          {{"1 × 512", {HeatCell{0.74, "74", "amx: 74 %"}, HeatCell{0.1, "10", "onednn: 10 %"}}},
           {"8 × 512", {HeatCell{std::nullopt, "✗", "amx: rejected <b>"}, std::nullopt}}}};
}

TEST(HeatMap, ColoursByShare) {
  const auto svg = heat_map_svg(map_of(), 560, "wide");
  EXPECT_EQ(count(svg, "<rect"), 3u);
  EXPECT_EQ(count(svg, "class=\"h4\""), 1u);
  EXPECT_EQ(count(svg, "class=\"h0\""), 1u);
  EXPECT_EQ(count(svg, "class=\"bare\""), 1u);
  EXPECT_NE(svg.find("amx: rejected &lt;b&gt;"), std::string::npos);
  EXPECT_NE(svg.find(">74</text>"), std::string::npos);
  EXPECT_NE(svg.find("8 × 512: ✗; not measured;"), std::string::npos);
}

TEST(HeatMap, GrowsByRowsAndKeepsItsWidth) {
  auto tall = map_of();
  const auto low = heat_map_svg(tall, 350, "narrow");
  tall.rows.push_back(tall.rows[0]);
  EXPECT_NE(low.find("viewBox=\"0 0 350 96\""), std::string::npos) << low.substr(0, 80);
  EXPECT_NE(heat_map_svg(tall, 350, "narrow").find("viewBox=\"0 0 350 120\""), std::string::npos);
}

TEST(HeatMap, LongNamesAreCut) {
  auto wordy = map_of();
  wordy.rows[0].label = std::string(100, 'w');
  const auto svg = heat_map_svg(wordy, 350, "narrow");
  EXPECT_EQ(count(svg, ">" + wordy.rows[0].label + "<"), 0u);
  EXPECT_NE(svg.find("ww…</text>"), std::string::npos);
}

TEST(HeatMap, CellsStandNextToTheirNames) {
  const auto left_of = [](const HeatMap& map) {
    const auto svg = heat_map_svg(map, 560, "wide");
    return std::stod(svg.substr(svg.find("<rect x=\"") + 9));
  };
  auto wordy = map_of();
  wordy.rows[0].label = "1 × 512 with many more words";
  EXPECT_LT(left_of(map_of()), 120);
  EXPECT_GT(left_of(wordy), left_of(map_of()) + 50);
}

TEST(HeatMap, AWholeShareHasTheStrongestColour) {
  auto full = map_of();
  full.rows[0].cells[0]->share = 1.01;
  EXPECT_EQ(count(heat_map_svg(full, 560, "wide"), "class=\"h5\""), 1u);
}

}  // namespace
}  // namespace pingjia::reports

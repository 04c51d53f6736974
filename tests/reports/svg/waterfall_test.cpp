#include "reports/svg/waterfall.h"

#include <gtest/gtest.h>

#include <regex>

namespace pingjia::reports {
namespace {

struct Bar {
  double from = 0;
  double to = 0;
};

std::vector<Bar> bars_of(const std::string& svg) {
  static const std::regex kRect("<rect x=\"([0-9.]+)\" y=\"[0-9.]+\" width=\"([0-9.]+)\"");
  std::vector<Bar> bars;
  for (std::sregex_iterator it(svg.begin(), svg.end(), kRect), end; it != end; ++it) {
    const double from = std::stod((*it)[1]);
    bars.push_back({from, from + std::stod((*it)[2])});
  }
  return bars;
}

Waterfall fall() {
  return {"<one>", 2, {{"first tries", 60}, {"retries", 30}, {"idle machine", 10}}, "cost", 100,
          {},      {}};
}

TEST(Waterfall, EachStepStartsWhereTheOneAboveEnds) {
  const auto bars = bars_of(waterfall_svg(fall(), "cost, USD", waterfall_canvas(4)));
  ASSERT_EQ(bars.size(), 4U);
  for (std::size_t i = 1; i < 3; ++i) EXPECT_NEAR(bars[i].from, bars[i - 1].to, 0.21) << i;
  EXPECT_NEAR(bars[3].from, bars[0].from, 0.01);
  EXPECT_NEAR(bars[3].to, bars[2].to, 0.21);
  EXPECT_NEAR(bars[0].to - bars[0].from, 0.6 * (bars[3].to - bars[3].from), 0.2);
}

TEST(Waterfall, SavingsStandHollowBesideTheSum) {
  Waterfall saved = fall();
  saved.savings = 25;
  saved.savings_name = "saved by caching";
  const auto svg = waterfall_svg(saved, "cost, USD", waterfall_canvas(5));
  const auto bars = bars_of(svg);
  ASSERT_EQ(bars.size(), 5U);
  EXPECT_NEAR(bars[4].from, bars[3].to, 0.21);
  EXPECT_NEAR(bars[4].to - bars[4].from, 0.25 * (bars[3].to - bars[3].from), 0.2);
  EXPECT_NE(svg.find("mark hollow"), std::string::npos);
  saved.savings = -25;  // Writing the cache cost more than reading it saved.
  const auto lost = bars_of(waterfall_svg(saved, "cost, USD", waterfall_canvas(5)));
  EXPECT_NEAR(lost[4].to, lost[3].to, 0.21);
}

TEST(Waterfall, NamesAreText) {
  const auto svg = waterfall_svg(fall(), "cost, USD", waterfall_canvas(4));
  EXPECT_EQ(svg.find("<one>"), std::string::npos);
  EXPECT_NE(svg.find("<title>&lt;one&gt;: first tries 60.0</title>"), std::string::npos);
}

}  // namespace
}  // namespace pingjia::reports

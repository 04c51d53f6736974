#include "reports/svg/accuracy_price.h"

#include <gtest/gtest.h>

namespace pingjia::reports {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

PricePoint point(const std::string& label, std::size_t series, double price, double accuracy) {
  PricePoint made;
  made.label = label;
  made.series = series;
  made.price = price;
  made.price_low = 0.9 * price;
  made.price_high = 1.1 * price;
  made.accuracy = accuracy;
  made.accuracy_low = accuracy - 0.02;
  made.accuracy_high = accuracy + 0.02;
  made.answers = "70";
  return made;
}

PriceChart chart(std::vector<PricePoint> points) {
  return {std::move(points), "$ per task", true, {}};
}

TEST(AccuracyPrice, DrawsEveryPointWithBarsBothWays) {
  const auto svg = accuracy_price_svg(chart({point("a", 0, 1, 0.5), point("b", 1, 3, 0.8)}), kWide);
  EXPECT_EQ(count(svg, "class=\"mark\""), 2U);
  EXPECT_EQ(count(svg, "class=\"bar\""), 4U);
  EXPECT_EQ(count(svg, ">a</text>"), 1U);
  EXPECT_EQ(count(svg, ">b</text>"), 1U);
}

TEST(AccuracyPrice, FadesWhatIsBeaten) {
  const auto svg = accuracy_price_svg(chart({point("a", 0, 1, 0.8), point("b", 1, 3, 0.5)}), kWide);
  EXPECT_EQ(count(svg, "faded"), 1U);
}

TEST(AccuracyPrice, ARefusedRankingHasNoFront) {
  PriceChart refused = chart({point("a", 0, 1, 0.8), point("b", 1, 3, 0.5)});
  refused.band = {{1, 0.7, 0.9}, {4, 0.7, 0.9}};
  EXPECT_EQ(count(accuracy_price_svg(refused, kWide), "class=\"front"), 2U);
  refused.front = false;
  const auto svg = accuracy_price_svg(refused, kWide);
  EXPECT_EQ(count(svg, "class=\"front"), 0U);
  EXPECT_EQ(count(svg, "faded"), 0U);
  EXPECT_EQ(count(svg, "class=\"mark\""), 2U);
  EXPECT_EQ(front_of(refused), (std::vector<bool>{false, false}));
}

TEST(AccuracyPrice, ATestDoubleBeatsNobody) {
  PriceChart with_double = chart({point("a", 0, 3, 0.5), point("b", 1, 1, 0.9)});
  EXPECT_EQ(front_of(with_double), (std::vector<bool>{false, true}));
  with_double.points[1].ranked = false;
  EXPECT_EQ(front_of(with_double), (std::vector<bool>{true, false}));
}

TEST(AccuracyPrice, TheBandReachesTheAxisWhereNothingMayBeForSale) {
  PriceChart banded = chart({point("a", 0, 1, 0.6)});
  banded.band = {{0.5, {}, {}}, {1, {}, 0.7}, {1.5, 0.59, 0.7}};
  const auto svg = accuracy_price_svg(banded, kWide);
  const auto at = svg.find("class=\"front-band\" d=\"");
  ASSERT_NE(at, std::string::npos);
  const auto path = svg.substr(at, svg.find("/>", at) - at);
  // Right along the upper edge to the end of the picture, down, back along the lower edge, which
  // falls to the axis (336) before the band begins.
  const auto number = [&](const char* before) { return path.substr(path.find(before) + 1, 5); };
  EXPECT_EQ(path.find("H548.0V"), path.find('H')) << path;
  EXPECT_EQ(path.substr(path.rfind("V336.0")), "V336.0H" + number("M") + "Z\"") << path;
}

TEST(AccuracyPrice, RingsMarkParity) {
  PriceChart marked = chart({point("a", 0, 1, 0.5), point("b", 1, 3, 0.6), point("c", 2, 9, 0.7),
                             point("d", 3, 20, 0.8)});
  marked.points[0].parity = ParityKind::kWorse;
  marked.points[1].parity = ParityKind::kUndecided;
  marked.points[2].parity = ParityKind::kNotWorse;
  marked.points[3].parity = ParityKind::kReference;
  const auto svg = accuracy_price_svg(marked, kWide);
  EXPECT_EQ(count(svg, "class=\"parity\""), 3U);
  EXPECT_EQ(count(svg, "class=\"parity open\""), 1U);
  EXPECT_EQ(count(svg, "; worse by the margin</title>"), 1U);
}

TEST(AccuracyPrice, APointSaysItsNumbersAndHowManyAnswers) {
  const auto svg = accuracy_price_svg(chart({point("a", 0, 1, 0.5)}), kWide);
  EXPECT_NE(svg.find(">a: accuracy 0.500 [0.480, 0.520] of 70 answers, $ per task 1.00 [0.900, "
                     "1.10]; on the front</title>"),
            std::string::npos)
      << svg;
}

TEST(AccuracyPrice, TitlesFollowThePagesLanguage) {
  const auto svg = accuracy_price_svg(chart({point("a", 0, 1, 0.5)}), kWide);
  EXPECT_NE(svg.find("data-k=\"$ per task\">$ per task</text>"), std::string::npos);
  EXPECT_NE(svg.find("data-k=\"accuracy\">accuracy</text>"), std::string::npos);
}

TEST(AccuracyPrice, ALowerBoundOfZeroHasNoPlaceOnALogAxis) {
  PricePoint one = point("a", 0, 1, 0.5);
  one.price_low = 0;
  const auto svg = accuracy_price_svg(chart({one}), kWide);
  EXPECT_EQ(count(svg, "nan"), 0U);
  EXPECT_EQ(count(svg, "inf"), 0U);
}

TEST(AccuracyPrice, NamesAreText) {
  const auto svg = accuracy_price_svg(chart({point("<script>", 0, 1, 0.5)}), kWide);
  EXPECT_EQ(count(svg, "<script"), 0U);
}

}  // namespace
}  // namespace pingjia::reports

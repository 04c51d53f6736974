#include <gtest/gtest.h>

#include "reports/html/price_figure.h"
#include "reports/html/sections.h"
#include "tests/reports/fixture.h"

namespace pingjia::reports {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

std::string section_of(const std::vector<harness::RunView>& runs) {
  std::string out;
  write_price_section(out, make_page(runs));
  return out;
}

constexpr PriceMeasure kPerCorrect{"usd_per_correct", "$ per correct answer",
                                   "Accuracy against the cost of a correct answer"};

Figure overall(const harness::RunView& run) {
  const std::vector<harness::RunView> runs{run};
  return price_figure(make_page(runs), "*", kPerCorrect, {kWide});
}

TEST(PriceSection, OneChartForEachMeasureAndSuite) {
  const std::string section = section_of({fixture::demo(60)});
  EXPECT_EQ(count(section, "data-price-charts="), 3U);
  EXPECT_EQ(count(section, "data-suite-chart=\"*\""), 3U);
  EXPECT_EQ(count(section, "data-suite-chart=\"strings/generate\""), 3U);
  EXPECT_EQ(count(section, "<figure"), 3U * (1 + 4));
  // All of it stands without script: only the choices are hidden.
  EXPECT_EQ(count(section, " hidden"), 1U);
}

TEST(PriceSection, FrontBandAndParityOverAllSuites) {
  const Figure figure = overall(fixture::demo(200));
  EXPECT_EQ(count(figure.svg, "class=\"front-band\""), 1U);
  EXPECT_EQ(count(figure.svg, "class=\"front\""), 1U);
  EXPECT_EQ(count(figure.table, "the reference of parity</span>"), 1U);
  EXPECT_EQ(count(figure.aside, "Rings: moe has two"), 1U);
  EXPECT_TRUE(figure.notice.empty());
}

TEST(PriceSection, PartOfTheQuestionsHasNoMarkOfParity) {
  const std::vector<harness::RunView> runs{fixture::demo(60)};
  const Figure figure = price_figure(make_page(runs), "strings/generate", kPerCorrect, {kSmall});
  EXPECT_EQ(count(figure.svg, "class=\"parity"), 0U);
  EXPECT_EQ(count(figure.svg, "class=\"front\""), 1U);
}

TEST(PriceSection, ARefusedRankingStandsInPlaceOfTheFront) {
  harness::RunView run = fixture::demo(60);
  run.summary.no_ranking = {"no ranking by cost: moe is unpriced (no price row)"};
  const Figure figure = overall(run);
  EXPECT_NE(figure.notice.find("moe is unpriced (no price row)"), std::string::npos);
  EXPECT_EQ(count(figure.svg, "class=\"front"), 0U);
  EXPECT_EQ(count(figure.svg, "class=\"mark\""), 3U);
  EXPECT_EQ(count(figure.table, "not ranked</span>"), 3U);
}

TEST(PriceSection, TooFewRightAnswersRefuseTheFront) {
  harness::RunView run = fixture::demo(60);
  for (auto& metric : run.summary.rows[0].metrics) {
    if (metric.tag == "usd_per_correct") metric.low = metric.high = std::nullopt;
  }
  EXPECT_NE(overall(run).notice.find("too few right answers for an interval: dense"),
            std::string::npos);
}

TEST(PriceSection, TestDoublesAreNotRanked) {
  harness::RunView run = fixture::demo(60);
  for (auto& row : run.summary.rows) row.test_double = true;
  const Figure figure = overall(run);
  EXPECT_NE(figure.notice.find("only test doubles ran"), std::string::npos);
  EXPECT_EQ(count(figure.svg, "class=\"front"), 0U);
}

TEST(PriceSection, TheSameRunsGiveTheSameBand) {
  EXPECT_EQ(overall(fixture::demo(60)).svg, overall(fixture::demo(60)).svg);
}

}  // namespace
}  // namespace pingjia::reports

#include "reports/verdict.h"

#include <gtest/gtest.h>

#include "tests/reports/fixture.h"

namespace pingjia::reports {
namespace {

using harness::Better;
using harness::Metric;
using harness::RunView;
using harness::SummaryRow;

SummaryRow row(const std::string& system, std::optional<double> cost, double spread,
               double accuracy) {
  SummaryRow made;
  made.system = system;
  made.suite = "*";
  Metric usd{"usd_per_correct", "", "USD", Better::kLower, cost, {}, {}, ""};
  if (cost) usd.low = *cost - spread, usd.high = *cost + spread;
  made.metrics = {usd, Metric{"accuracy", "", "fraction", Better::kHigher, accuracy,
                              accuracy - 0.03, accuracy + 0.03, ""}};
  return made;
}

Verdict verdict(const std::vector<SummaryRow>& rows) {
  RunView run;
  run.summary.rows = rows;
  const std::vector<RunView> runs{run};
  return verdict_of(contestants(runs));
}

TEST(Verdict, NamesTheCheapestAndWhatMoreAccuracyCosts) {
  const auto found = verdict({row("small", 0.10, 0.01, 0.60), row("big", 0.50, 0.01, 0.90)});
  EXPECT_EQ(found.headline.text(),
            "Cheapest correct answer: small, $0.100 [0.090, 0.110] per correct answer, at accuracy "
            "0.60 [0.57, 0.63].");
  ASSERT_EQ(found.findings.size(), 1U);
  EXPECT_EQ(found.findings[0].text(),
            "Highest accuracy: big, 0.90 [0.87, 0.93], at 5.00 times the cost per correct answer.");
  EXPECT_TRUE(found.undecided.empty());
}

harness::ParityMark parity_mark(const std::string& system, const std::string& judged,
                                double ratio) {
  harness::ParityMark made;
  made.system = system;
  made.verdict = judged;
  made.metrics = {{"cost_ratio", "", "ratio", Better::kLower, ratio, 0.8 * ratio, 1.2 * ratio, ""},
                  {"paired", "", "count", Better::kNeither, 700, {}, {}, ""}};
  return made;
}

TEST(Verdict, ABargainAtParityIsTheHeadline) {
  RunView run;
  run.summary.rows = {row("dear", 1.9, 0.1, 0.90), row("small", 0.10, 0.01, 0.89),
                      row("odd", 0.2, 0.01, 0.88)};
  run.summary.parity = {"dear", 0.02, {parity_mark("small", "not worse", 1 / 19.0)}};
  auto odd = parity_mark("odd", "undecided", 0.1);
  odd.metrics.push_back({"deciding", "", "count", Better::kNeither, 3000, {}, {}, ""});
  run.summary.parity.marks.push_back(odd);
  const std::vector<RunView> runs{run};
  const auto found = verdict_of(contestants(runs));
  EXPECT_EQ(found.headline.text(),
            "small is at parity with dear (margin 2 points) at 1/19 [1/24, 1/16] of the cost per "
            "correct answer.");
  EXPECT_EQ(found.findings.at(0).text().find("Cheapest correct answer: small"), 0U);
  EXPECT_EQ(found.undecided.back().text(),
            "Whether odd is at parity with dear (margin 2 points): these 700 questions do not say; "
            "some 3000 would.");
}

TEST(Verdict, ARefusedRankingHasNoBargain) {
  RunView run;
  run.summary.rows = {row("dear", 1.9, 0.1, 0.90), row("small", 0.10, 0.01, 0.89)};
  run.summary.no_ranking = {"no ranking by cost: dear is unpriced"};
  run.summary.parity = {"dear", 0.02, {parity_mark("small", "not worse", 0.05)}};
  const std::vector<RunView> runs{run};
  EXPECT_EQ(verdict_of(contestants(runs)).headline.text(), "No ranking by cost: dear is unpriced.");
}

TEST(Verdict, OverlappingIntervalsDecideNothing) {
  const auto found = verdict({row("a", 0.10, 0.02, 0.60), row("b", 0.11, 0.02, 0.61)});
  ASSERT_EQ(found.undecided.size(), 2U);
  EXPECT_EQ(found.undecided[0].text(),
            "Whether a is cheaper per correct answer than b: the 95 % intervals overlap.");
  EXPECT_EQ(found.undecided[1].text(),
            "Whether b is more accurate than a: the 95 % intervals overlap.");
}

TEST(Verdict, AnUnknownPriceIsNamedNotRanked) {
  const auto found = verdict({row("a", 0.10, 0.01, 0.60), row("b", std::nullopt, 0, 0.90)});
  EXPECT_NE(found.headline.text().find("answer: a,"), std::string::npos);
  ASSERT_EQ(found.undecided.size(), 1U);
  EXPECT_NE(found.undecided[0].text().find("of b costs"), std::string::npos);
}

TEST(Verdict, NoPriceAtAllRefusesTheRanking) {
  EXPECT_EQ(verdict({row("a", std::nullopt, 0, 0.5)}).headline.text(),
            "No ranking by cost: no system's cost per correct answer is known.");
}

TEST(Verdict, TheSummarysRefusalStandsWhereTheRankingWould) {
  RunView run;
  run.summary.rows = {row("a", 0.10, 0.01, 0.60), row("b", std::nullopt, 0, 0.90)};
  run.summary.no_ranking = {"no ranking by cost: b is unpriced (no price was given)"};
  const std::vector<RunView> runs{run};
  const auto found = verdict_of(contestants(runs));
  EXPECT_EQ(found.headline.text(), "No ranking by cost: b is unpriced (no price was given).");
  EXPECT_EQ(found.findings.at(0).text().find("Cheapest correct answer among the priced: a,"), 0U);
}

TEST(Verdict, TestDoublesAreNotRanked) {
  SummaryRow echo = row("echo", 0.01, 0.001, 0.99);
  echo.test_double = true;
  EXPECT_NE(verdict({echo, row("real", 0.2, 0.01, 0.7)}).headline.text().find("answer: real,"),
            std::string::npos);
  EXPECT_EQ(verdict({echo}).headline.text(),
            "Nothing to rank: only test doubles ran, and they measure no model.");
}

TEST(Verdict, DifferentSuitesAreComparedSuiteBySuite) {
  const std::vector<RunView> runs{fixture::uneven()};
  const auto found = verdict_of(contestants(runs));
  EXPECT_EQ(found.headline.text(),
            "No ranking over all suites: the systems did not run the same ones.");
  ASSERT_EQ(found.findings.size(), 1U);
  EXPECT_EQ(found.findings[0].text().find("arithmetic/generate, cheapest correct answer: dense"),
            0U);
}

TEST(Verdict, AnAllFailedRunSaysHow) {
  const std::vector<RunView> runs{fixture::failed()};
  EXPECT_EQ(verdict_of(contestants(runs)).headline.text(),
            "Nothing to rank: every request failed: 180 × overloaded.");
}

TEST(Verdict, AnEmptyRunHasNothingToCompare) {
  const std::vector<RunView> runs{fixture::empty()};
  EXPECT_EQ(verdict_of(contestants(runs)).headline.text(),
            "Nothing to compare: the run has no results.");
}

}  // namespace
}  // namespace pingjia::reports

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "reports/html/sections.h"
#include "tests/reports/fixture.h"

namespace pingjia::reports {
namespace {

std::string section_of(const std::vector<harness::RunView>& runs) {
  std::string out;
  write_compare_section(out, make_page(runs));
  return out;
}

TEST(CompareSection, HasEveryPairWithItsExactNumbers) {
  const auto run = fixture::demo(40);
  ASSERT_EQ(run.summary.comparisons.size(), 3U);
  const std::string section = section_of({run});
  for (const auto& pair : run.summary.comparisons) {
    for (const auto& metric : pair.metrics) {
      if (!metric.value) continue;
      EXPECT_NE(section.find(
                    fmt::format("data-pair=\"{}\" data-value=\"{}\"", metric.tag, *metric.value)),
                std::string::npos)
          << pair.a << " " << pair.b << " " << metric.tag;
    }
  }
}

TEST(CompareSection, AnUnknownNumberSaysWhy) {
  auto run = fixture::demo(10);
  for (auto& metric : run.summary.comparisons.front().metrics) {
    if (metric.tag == "cost_ratio")
      metric = {"cost_ratio", "", "ratio", {}, {}, {}, {}, "no price"};
  }
  EXPECT_NE(section_of({run}).find("<td title=\"no price\">—</td>"), std::string::npos);
}

TEST(CompareSection, ASingleSystemHasNoPairs) {
  EXPECT_NE(section_of({fixture::empty()}).find("No pairs: fewer than two systems"),
            std::string::npos);
}

TEST(CompareSection, PairsOfDifferentRunsStandApart) {
  auto first = fixture::demo(10);
  auto second = fixture::demo(10);
  second.name = "later";
  second.directory = "runs/later";
  harness::PairRow pair = first.summary.comparisons.front();
  pair.a = "moe";
  pair.b = "dense";
  second.across.push_back({first.directory, pair});
  const std::string section = section_of({first, second});
  const auto at = section.find("Systems of different runs");
  ASSERT_NE(at, std::string::npos);
  // The second contestant of the first run, and the first of the second run's three.
  EXPECT_NE(section.find("<tr data-a=\"1\" data-b=\"3\">", at), std::string::npos);
  EXPECT_NE(section.find("later · dense", at), std::string::npos);
}

TEST(CompareSection, TwoSystemsCanBeChosen) {
  EXPECT_NE(section_of({fixture::demo(10)}).find("<option selected>moe</option>"),
            std::string::npos);
  EXPECT_EQ(section_of({fixture::empty()}).find("<option"), std::string::npos);
}

}  // namespace
}  // namespace pingjia::reports

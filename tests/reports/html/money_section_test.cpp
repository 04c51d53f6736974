#include <gtest/gtest.h>

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
  write_money_section(out, make_page(runs));
  return out;
}

harness::Metric& metric(harness::RunView& run, const std::string& system, const std::string& tag) {
  for (auto& row : run.summary.rows) {
    if (row.system != system || row.suite != "*") continue;
    for (auto& one : row.metrics) {
      if (one.tag == tag) return one;
    }
  }
  throw std::out_of_range(tag);
}

TEST(MoneySection, HasAFigureForEachSystemAndEveryPartOfEveryRow) {
  const auto run = fixture::demo(10);
  const std::string section = section_of({run});
  EXPECT_EQ(count(section, "<svg class=\"plot"), 3U);
  for (const auto* tag : {"cost", "cost_first_tries", "cost_reasoning", "cost_retries",
                          "cost_failures", "cost_idle", "cache_savings"}) {
    // Each row once, and the overall ones beside their charts.
    EXPECT_EQ(count(section, "data-tag=\"" + std::string(tag) + "\""), run.summary.rows.size() + 3)
        << tag;
  }
}

TEST(MoneySection, DrawsNoStepOfNothingButTabulatesIt) {
  auto run = fixture::demo(10);
  EXPECT_EQ(count(section_of({run}), ">failures</text>"), 1U);  // Of the API alone.
  metric(run, "dense-api", "cost_failures").value = 0;
  const std::string section = section_of({run});
  EXPECT_EQ(count(section, ">failures</text>"), 0U);
  EXPECT_GE(count(section, "data-tag=\"cost_failures\" data-value=\"0\""), 1U);
}

TEST(MoneySection, SaysWhyThereIsNoChart) {
  EXPECT_EQ(count(section_of({fixture::uneven()}),
                  "No chart: the cost is unknown: no price row for this model."),
            1U);
  EXPECT_EQ(count(section_of({fixture::empty()}), "No chart: the run has no results."), 1U);
  auto run = fixture::demo(10);
  metric(run, "dense", "cost").value = 0;
  EXPECT_EQ(count(section_of({run}), "No chart: it cost nothing."), 1U);
}

TEST(MoneySection, SaysWhereReasoningIsNotToldApart) {
  EXPECT_EQ(count(section_of({fixture::demo(10)}), "it is in the first tries."), 1U);
}

}  // namespace
}  // namespace pingjia::reports

#include <gtest/gtest.h>

#include "reports/html/sections.h"
#include "tests/reports/fixture.h"

namespace pingjia::reports {
namespace {

std::string section_of(const harness::RunView& run) {
  const std::vector<harness::RunView> runs{run};
  std::string out;
  write_accuracy_section(out, make_page(runs));
  return out;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

harness::Metric& metric(harness::RunView& run, const std::string& tag) {
  for (auto& one : run.summary.rows.front().metrics) {
    if (one.tag == tag) return one;
  }
  throw std::out_of_range(tag);
}

TEST(AccuracySection, HasACellForEverySuiteAndSystem) {
  const auto run = fixture::demo(10);
  EXPECT_EQ(count(section_of(run), "data-tag=\"accuracy\""), run.summary.rows.size());
}

TEST(AccuracySection, WarnsAboveTwoPercentLost) {
  auto run = fixture::demo(10);
  for (auto& row : run.summary.rows) {
    for (auto& one : row.metrics) {
      if (one.tag == "parse_failed" || one.tag == "truncated") one.value = 0;
    }
  }
  EXPECT_EQ(count(section_of(run), "<small>"), 0U);
  const double total = *metric(run, "total").value;
  metric(run, "parse_failed").value = 0.02 * total;
  EXPECT_EQ(count(section_of(run), "<small>⚠"), 0U);
  EXPECT_EQ(count(section_of(run), "<small>"), 1U);
  metric(run, "truncated").value = 1;
  EXPECT_EQ(count(section_of(run), "<small>⚠"), 1U);
}

TEST(AccuracySection, PutsPublishedScoresBesideOurs) {
  auto run = fixture::demo(10);
  EXPECT_EQ(count(section_of(run), "What others published"), 0U);
  run.published = {{"arithmetic/generate", "Dense", 71.5, "a table <1>", "dense"},
                   {"strings/generate", "Elsewhere", 60, "a paper", ""}};
  const std::string section = section_of(run);
  EXPECT_EQ(count(section, "What others published"), 1U);
  EXPECT_NE(section.find("<td>71.5</td><td data-system=\"dense\""), std::string::npos);
  EXPECT_NE(section.find("<td>60.0</td><td>—</td>"), std::string::npos);
  EXPECT_NE(section.find("a table &lt;1&gt;"), std::string::npos);
}

TEST(AccuracySection, CountsWhichRuleFoundAnswers) {
  auto run = fixture::demo(10);
  for (auto& sample : run.samples) sample.rule.clear();
  EXPECT_EQ(count(section_of(run), "Which rule"), 0U);
  run.samples[0].rule = "last_number";
  run.samples[1].rule = "last_number";
  EXPECT_NE(section_of(run).find("<td class=\"l\">last_number</td><td>2</td>"), std::string::npos);
}

// Two systems of one model, by run.json, whose requests had these budgets.
harness::RunView budgeted(int first, int second) {
  auto run = fixture::demo(20);
  run.manifest = R"({"facts":{"dense":{"model":"m"},"moe":{"model":"m"}}})";
  for (auto& sample : run.samples) {
    const std::string& system = sample.record.key.system;
    sample.record.request.sampling.max_tokens = system == "dense" ? first : second;
  }
  return run;
}

TEST(AccuracySection, AModelUnderTwoBudgetsHasALineAndItsTable) {
  const std::string section = section_of(budgeted(64, 8192));
  EXPECT_EQ(count(section, "No chart: no model here ran under two budgets"), 0U);
  EXPECT_EQ(count(section, "≤ 8192</text>"), 2U);  // On a wide page and on a narrow one.
  EXPECT_EQ(count(section, "data-tag=\"output_tokens_per_answer\""), 2U);
}

TEST(AccuracySection, OneBudgetHasNoChartAndSaysWhy) {
  EXPECT_EQ(count(section_of(budgeted(64, 64)), "No chart: no model here ran under two budgets"),
            1U);
}

}  // namespace
}  // namespace pingjia::reports

#include <gtest/gtest.h>

#include "reports/html/sections.h"
#include "tests/reports/fixture.h"

namespace pingjia::reports {
namespace {

using Write = void (*)(std::string&, const Page&);

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

std::string written(Write write, const std::vector<harness::RunView>& runs) {
  std::string out;
  write(out, make_page(runs));
  return out;
}

harness::Metric& metric(harness::SummaryRow& row, const std::string& tag) {
  for (auto& one : row.metrics) {
    if (one.tag == tag) return one;
  }
  throw std::out_of_range(tag);
}

TEST(SpeedSection, MachinesWithAndWithoutGpuAreTwoFigures) {
  const std::string section = written(write_speed_section, {fixture::crowd(6, 2, 10)});
  EXPECT_EQ(count(section, "id=\"frontier-gpu\""), 1U);
  EXPECT_EQ(count(section, "id=\"frontier-core\""), 1U);
  const std::string demo = written(write_speed_section, {fixture::demo(10)});
  EXPECT_EQ(count(demo, "id=\"frontier-gpu\""), 0U);
  EXPECT_NE(demo.find("tokens/s per core (no GPU)"), std::string::npos);
}

TEST(SpeedSection, NamesSystemsWhoseMachinesNobodySees) {
  EXPECT_NE(written(write_speed_section, {fixture::demo(10)})
                .find("run by others on machines we do not see: dense-api."),
            std::string::npos);
}

TEST(SpeedSection, LinesHoldAtTheRateThatMostPay) {
  auto run = fixture::demo(10);
  std::string section = written(write_speed_section, {run});
  // $0.08 an hour for two cores.
  EXPECT_NE(section.find("at $0.0400 per core-hour."), std::string::npos);
  EXPECT_EQ(section.find("Another rate"), std::string::npos);
  for (auto& row : run.summary.rows) {
    if (row.system == "moe") *metric(row, "usd_per_mtok_output_double_charged").value *= 2;
  }
  section = written(write_speed_section, {run});
  EXPECT_NE(section.find("Another rate, or none, for: moe;"), std::string::npos);
}

TEST(SpeedSection, TablesOfTheFrontierHaveEverySuite) {
  const std::string section = written(write_speed_section, {fixture::demo(10)});
  // Two systems, four suites and all of them; one suite writes nothing.
  EXPECT_EQ(count(section, "data-tag=\"output_tokens_per_s_per_core\""), 10U);
  EXPECT_EQ(count(section, "data-tag=\"output_tokens_per_s_per_user\" data-value="), 8U);
}

TEST(LatencyFigures, HideP99OfFewAnswersAndSayWhy) {
  const std::string section = written(write_latency_figures, {fixture::demo(10)});
  EXPECT_EQ(count(section, "data-tag=\"ttft_p99\" title=\"fewer than 662 samples\""), 3U);
  EXPECT_NE(section.find("p99 needs 662 answers"), std::string::npos);
}

TEST(TimelineFigures, ShareOneAxisFromEachFirstRequest) {
  const std::string section = written(write_timeline_figures, {fixture::demo(40)});
  EXPECT_EQ(count(section, "<svg class=\"plot"), 3U);
  EXPECT_NE(section.find("From 0 s into the run"), std::string::npos);
  EXPECT_EQ(count(section, "From 0 s into the run"), 1U);
  EXPECT_EQ(count(section, "data-tag"), 0U);  // Bins are no metrics.
}

TEST(TimelineFigures, DrawPowerWhereASuiteHasIt) {
  auto run = fixture::demo(40);
  EXPECT_EQ(count(written(write_timeline_figures, {run}), ">power, W</text>"), 0U);
  for (auto& row : run.summary.rows) {
    if (row.system == "dense") metric(row, "average_power").value = 95;
  }
  EXPECT_EQ(count(written(write_timeline_figures, {run}), ">power, W</text>"), 1U);
}

TEST(TimelineFigures, ASystemThatNeverSentHasAReason) {
  auto run = fixture::demo(3);
  for (auto& sample : run.samples) {
    if (sample.record.key.system == "moe") sample.record.completion.timeline = {};
  }
  EXPECT_EQ(count(written(write_timeline_figures, {run}), "No chart: no request of it was sent."),
            1U);
}

}  // namespace
}  // namespace pingjia::reports

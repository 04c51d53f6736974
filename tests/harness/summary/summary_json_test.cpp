#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/error.h"
#include "harness/summary/summary.h"
#include "tests/harness/summary/sample_run.h"

namespace pingjia::harness {
namespace {

TEST(Summary, SurvivesJson) {
  SampleRun run = api_run();
  const Summary summary = summarize(run.finished());
  const nlohmann::json json = summary_to_json(summary);
  EXPECT_EQ(json.at("schema_version"), 1);
  const Summary again = summary_from_json(nlohmann::json::parse(json.dump()), "summary.json");
  EXPECT_EQ(summary_to_json(again).dump(), json.dump());
}

TEST(Summary, OfAnotherShapeIsRefused) {
  nlohmann::json newer = summary_to_json(Summary{"r", {}, {}, {}, {}, {}});
  newer["schema_version"] = 2;
  EXPECT_THROW(summary_from_json(newer, "summary.json"), Error);
  EXPECT_THROW(summary_from_json(nlohmann::json::object(), "summary.json"), Error);
}

TEST(ListMetrics, NamesEachOnceAndAllThatRowsCarry) {
  std::set<std::string> tags;
  for (const auto& metric : list_metrics()) {
    EXPECT_TRUE(tags.insert(std::string(metric.tag)).second) << metric.tag;
    EXPECT_FALSE(metric.help.empty()) << metric.tag;
  }
  SampleRun run = api_run();
  const Summary summary = summarize(run.finished());
  ASSERT_EQ(summary.rows[0].metrics.size(), tags.size());
  for (const auto& metric : summary.rows[0].metrics) {
    EXPECT_TRUE(tags.contains(metric.tag));
    EXPECT_FALSE(metric.maker.empty()) << metric.tag;
  }
}

TEST(RecordCosts, AreOfEveryAttempt) {
  SampleRun run = api_run();
  const auto costs = record_costs(run.finished());
  ASSERT_EQ(costs.size(), run.records.size());
  EXPECT_NEAR(costs[0].value(), 60e-6, 1e-18);
  EXPECT_EQ(costs[4], 0);
  run.input.systems[0].pricing = UnknownPricing{"?"};
  EXPECT_FALSE(record_costs(run.finished())[0]);
}

TEST(ClustersOf, KeepsOnlySamplesThatHaveOne) {
  Suite suite;
  suite.samples = {{"a", "", "", {}, "p1"}, {"b", "", "", {}, ""}};
  EXPECT_EQ(clusters_of(suite), (SampleClusters{{"a", "p1"}}));
}

}  // namespace
}  // namespace pingjia::harness

#include "reports/placement.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/columns.h"
#include "tests/reports/fixture.h"

namespace pingjia::reports {
namespace {

using harness::RunView;
using nlohmann::json;

// Changes one value of a run's run.json.
void set(RunView& run, const char* pointer, const json& value) {
  json manifest = json::parse(run.manifest);
  manifest[json::json_pointer(pointer)] = value;
  run.manifest = manifest.dump();
}

double value(const Placement& place, const char* tag) {
  return metric_of(*place.row, tag)->value.value();
}

TEST(Placement, GroupsOneModelOverRuns) {
  const auto runs = fixture::machines(20);
  const auto systems = contestants(runs);
  const auto groups = model_groups(systems);
  ASSERT_EQ(groups.size(), 1U);
  // The API's name of it has an owner before it.
  EXPECT_EQ(groups[0].model, "fixture-8b-instruct");
  EXPECT_EQ(groups[0].suite, "*");
  EXPECT_TRUE(groups[0].same_weights);
  ASSERT_EQ(groups[0].places.size(), 10U);
  const Placement& a100 = groups[0].places[1];
  EXPECT_EQ(a100.machine, "A100 80GB (fixture)");
  EXPECT_EQ(a100.label, "A100 80GB (fixture), 8 in flight");
  EXPECT_EQ(a100.in_flight, 8);
  EXPECT_EQ(a100.gpus, 1);
  EXPECT_TRUE(groups[0].places[9].api);
  EXPECT_EQ(groups[0].places[9].machine, "API");
  EXPECT_EQ(groups[0].places[9].label, "API");  // Its price does not depend on the load.
}

// The page at its own prices says what summary.json says.
TEST(Placement, ValuedAtItsOwnPricesIsTheSummary) {
  const auto runs = fixture::machines(40);
  const auto systems = contestants(runs);
  const auto groups = model_groups(systems);
  for (const auto& place : groups[0].places) {
    const harness::Revaluation at = place.value();
    // A machine's cost is rounded down to the picodollar, of some hundredths of a dollar.
    EXPECT_NEAR(*at.usd_per_mtok / value(place, "usd_per_mtok_blended"), 1, 1e-9) << place.label;
    EXPECT_NEAR(*at.usd_per_correct / value(place, "usd_per_correct"), 1, 1e-9) << place.label;
    EXPECT_NEAR(*at.usd / value(place, "cost"), 1, 1e-9) << place.label;
    if (place.api) {
      EXPECT_FALSE(at.machine_hours_per_million_correct);
      continue;
    }
    EXPECT_NEAR(*at.machine_hours_per_million_correct,
                value(place, "machine_hours_per_million_correct"), 1e-9);
    EXPECT_NEAR(*at.gpu_hours_per_million_correct, value(place, "gpu_hours_per_million_correct"),
                1e-9);
  }
}

TEST(Placement, KnowsTheWattsOfIdleDevices) {
  const auto runs = fixture::machines(20);
  const auto systems = contestants(runs);
  const auto groups = model_groups(systems);
  const auto& places = groups[0].places;
  EXPECT_NEAR(*places[0].work.idle_w, 60, 1e-6);  // A100
  EXPECT_FALSE(places[3].work.idle_w);            // RTX 4090: nobody watched it idle.
  EXPECT_TRUE(places[3].work.joules);
  EXPECT_FALSE(places[9].work.joules);
}

TEST(Placement, ComparesOnASuiteThatAllRan) {
  auto runs = fixture::machines(20);
  auto& rows = runs[0].summary.rows;
  std::erase_if(rows, [](const auto& row) { return row.suite == "word-problems/few-shot"; });
  auto systems = contestants(runs);
  EXPECT_EQ(model_groups(systems)[0].suite, "dates/generate");
  std::erase_if(rows, [](const auto& row) { return row.suite == "dates/generate"; });
  systems = contestants(runs);
  EXPECT_EQ(model_groups(systems)[0].suite, "");
}

TEST(Placement, SaysWhereWeightsDiffer) {
  auto runs = fixture::machines(20);
  set(runs[0], "/facts/fixture-8b/model_sha256", "another");
  const auto systems = contestants(runs);
  EXPECT_FALSE(model_groups(systems)[0].same_weights);
}

TEST(Placement, AFileOfWeightsIsCalledByItsName) {
  auto runs = fixture::machines(20);
  set(runs[0], "/facts/fixture-8b/model", "/models/../Fixture_8B-instruct.gguf");
  const auto systems = contestants(runs);
  const auto groups = model_groups(systems);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].model, "Fixture_8B-instruct");
}

TEST(Placement, NamesTellPlacesApart) {
  auto runs = fixture::machines(20);
  runs.resize(2);  // The A100 under two loads.
  set(runs[1], "/spec/load/concurrency", 1);
  const auto systems = contestants(runs);
  const auto groups = model_groups(systems);
  EXPECT_EQ(groups[0].places[0].label, "A100 80GB (fixture), 1 in flight (fixture-a100-1)");
  EXPECT_EQ(groups[0].places[1].label, "A100 80GB (fixture), 1 in flight (fixture-a100-8)");
}

TEST(Placement, OneModelInOnePlaceIsNoGroup) {
  auto runs = fixture::machines(20);
  set(runs[1], "/facts/fixture-8b/model", "another");
  runs.resize(2);
  EXPECT_TRUE(model_groups(contestants(runs)).empty());
}

TEST(Placement, AManifestThatSaysNothingIsNoError) {
  auto runs = fixture::machines(20);
  runs.resize(2);
  for (auto& run : runs) run.manifest = "[}";
  const auto systems = contestants(runs);
  const auto groups = model_groups(systems);
  ASSERT_EQ(groups.size(), 1U);  // By the system's name.
  EXPECT_EQ(groups[0].model, "fixture-8b");
  EXPECT_EQ(groups[0].places[0].load, "");
}

TEST(Placement, ItsFirstLoadIsThatOfTheMostMachines) {
  auto runs = fixture::machines(20);
  auto systems = contestants(runs);
  EXPECT_EQ(loads_of(model_groups(systems)[0]),
            (std::vector<std::string>{"32 in flight", "8 in flight", "1 in flight"}));
  set(runs[2], "/spec/load/concurrency", 64);
  systems = contestants(runs);
  EXPECT_EQ(
      loads_of(model_groups(systems)[0]),
      (std::vector<std::string>{"8 in flight", "1 in flight", "32 in flight", "64 in flight"}));
}

}  // namespace
}  // namespace pingjia::reports

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/html/hardware.h"
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
  write_hardware_section(out, make_page(runs));
  return out;
}

harness::Metric& metric(harness::RunView& run, const std::string& tag) {
  for (auto& row : run.summary.rows) {
    if (row.suite != "*") continue;
    for (auto& one : row.metrics) {
      if (one.tag == tag) return one;
    }
  }
  throw std::out_of_range(tag);
}

TEST(HardwareSection, HasFiveMeasuresAndTwoFlipsOfAModel) {
  const std::string section = section_of(fixture::machines(20));
  EXPECT_EQ(count(section, "<figure"), 7U);
  EXPECT_EQ(count(section, "data-bars="), 3U);  // Those that prices move.
  EXPECT_EQ(count(section, "data-tag=\"energy_per_output_token\""), 10U);
  EXPECT_EQ(count(section, "data-revalued=\"gpu_hours_per_million_correct\""), 10U);
}

TEST(HardwareSection, WithoutTwoPlacesSaysWhatToDo) {
  for (const auto& run : {fixture::demo(5), fixture::empty(), fixture::failed()}) {
    const std::string section = section_of({run});
    EXPECT_EQ(count(section, "Run the same file on another machine"), 1U) << run.name;
    EXPECT_EQ(count(section, "<figure"), 0U);
    EXPECT_EQ(count(section, "hardware-data"), 0U);
  }
}

TEST(HardwareSection, MarksTestDoubles) {
  auto runs = fixture::machines(20);
  EXPECT_EQ(count(section_of(runs), "test double</span>"), 10U);
  EXPECT_EQ(count(section_of(runs), "⚠"), 1U);
  for (auto& run : runs) {
    for (auto& row : run.summary.rows) row.test_double = false;
  }
  EXPECT_EQ(count(section_of(runs), "⚠"), 0U);
}

TEST(HardwareSection, SaysWhyAPlaceHasNoBar) {
  auto runs = fixture::machines(20);
  metric(runs[0], "energy_per_output_token").value.reset();
  metric(runs[0], "energy_per_output_token").maker = "unknown: no meter was asked";
  const std::string section = section_of(runs);
  EXPECT_NE(section.find("A100 80GB (fixture), 1 in flight: unknown: no meter was asked"),
            std::string::npos);
  EXPECT_EQ(count(section, "API: run by others on a machine that we do not see"), 2U);
}

TEST(HardwareSection, AMachineOfUnknownRentHasADialAndNoSlider) {
  auto runs = fixture::machines(20);
  EXPECT_EQ(count(section_of(runs), "type=\"range\" data-state=\"rent-"), 3U);
  for (auto& run : runs) {
    if (run.name.find("h200") == std::string::npos) continue;
    for (const char* tag : {"machine_rate", "usd_per_mtok_blended", "usd_per_correct"}) {
      metric(run, tag).value.reset();
    }
  }
  const std::string section = section_of(runs);
  EXPECT_EQ(count(section, "type=\"number\" data-state=\"rent-"), 3U);
  EXPECT_EQ(count(section, "type=\"range\" data-state=\"rent-"), 2U);
  EXPECT_NE(section.find("nobody says what an hour of the machine costs"), std::string::npos);
}

TEST(HardwareSection, RentsFlipAtTheBreakEven) {
  const auto runs = fixture::machines(40);
  const Page page = make_page(runs);
  const HardwareView view = hardware_view(page);
  std::string out;
  write_rent_figure(out, view, 0, 0, cost_unit(harness::Per::kMtok, page));
  // The A100 against two machines under its load, and the API.
  EXPECT_EQ(count(out, "<td data-value="), 3U);
  const Placement& a100 = view.groups[0].places[2];
  const Placement& api = view.groups[0].places[9];
  const double even = *harness::breakeven_rent(a100.work, a100.by_the_hour, harness::Per::kMtok,
                                               *api.value().usd_per_mtok);
  EXPECT_EQ(count(out, fmt::format("<td data-value=\"{}\">", even)), 1U);
}

TEST(HardwareSection, SmallPricesAreByTheBillion) {
  auto runs = fixture::machines(20);
  EXPECT_EQ(cost_unit(harness::Per::kMtok, make_page(runs)).column.title(), "$/Mtok");
  *metric(runs[0], "usd_per_mtok_blended").value = 0.004;
  const CostUnit unit = cost_unit(harness::Per::kMtok, make_page(runs));
  EXPECT_EQ(unit.column.title(), "$ per billion tokens");
  EXPECT_EQ(unit.column.factor, 1e3);
}

TEST(HardwareSection, SaysWhichIsCheapestAndUpToWhichRent) {
  const auto runs = fixture::machines(40);
  const Page page = make_page(runs);
  const HardwareView view = hardware_view(page);
  const CostUnit unit = cost_unit(harness::Per::kMtok, page);
  std::string said = standing_of(view, view.groups[0], unit);
  EXPECT_NE(said.find(">Cheapest: A100 80GB (fixture), 32 in flight at $"), std::string::npos)
      << said;
  // Its break-even against every place that is not an A100: the least is the next cheapest's.
  const Placement& a100 = view.groups[0].places[2];
  double least = INFINITY;
  for (std::size_t i = 3; i < 10; ++i) {
    least =
        std::min(least, *harness::breakeven_rent(a100.work, a100.by_the_hour, harness::Per::kMtok,
                                                 *view.groups[0].places[i].value().usd_per_mtok));
  }
  EXPECT_NE(said.find("until its rent reaches $" + significant(least) + " per hour"),
            std::string::npos)
      << said;
  ModelGroup group = view.groups[0];
  group.places[9].by_the_token = {0.001, 0.001};
  said = standing_of(view, group, unit);
  EXPECT_NE(said.find("Cheapest: API at $0.00100/Mtok; next: A100 80GB (fixture), 32 in flight"),
            std::string::npos)
      << said;
  group.places.resize(1);
  EXPECT_EQ(standing_of(view, group, unit), "");
}

TEST(HardwareSection, RefusesToRankWhatTheRunRefuses) {
  auto runs = fixture::machines(20);
  EXPECT_EQ(count(section_of(runs), "No ranking by cost"), 0U);
  runs[3].summary.no_ranking = {"no ranking by cost: another is unpriced"};
  EXPECT_EQ(count(section_of(runs), "No ranking by cost"), 0U);
  runs[3].summary.no_ranking = {"no ranking by cost: fixture-8b is unpriced (no price row)"};
  const std::string section = section_of(runs);
  EXPECT_NE(section.find("No ranking by cost: fixture-8b is unpriced (no price row)."),
            std::string::npos);
  EXPECT_EQ(count(section, "Cheapest: "), 0U);
}

TEST(HardwareSection, OneLoadFlipsNothing) {
  auto runs = fixture::machines(20);
  runs.erase(runs.begin() + 1, runs.begin() + 3);  // The A100 and the 4090 with one in flight.
  runs.resize(2);
  EXPECT_EQ(count(section_of(runs), "No chart: every machine was run at one load."), 1U);
}

TEST(HardwareSection, DataForTheScriptAreTheSummarys) {
  const auto runs = fixture::machines(20);
  const Page page = make_page(runs);
  const auto data = nlohmann::json::parse(hardware_json(hardware_view(page), page));
  EXPECT_EQ(data.at("machines").size(), 3U);
  ASSERT_EQ(data.at("groups").at(0).size(), 10U);
  const auto& place = data["groups"][0][4];
  EXPECT_EQ(place.at("machine"), 1);
  EXPECT_EQ(place.at("in_flight"), 8);
  EXPECT_EQ(place.at("work").at("machine_hours").get<double>(),
            *metric_of(*page.contestants[4].overall, "serving_hours")->value);
  EXPECT_TRUE(place.at("work").at("idle_w").is_null());
  EXPECT_EQ(data["groups"][0][9].at("api"), 0);
}

}  // namespace
}  // namespace pingjia::reports

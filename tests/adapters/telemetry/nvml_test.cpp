// The scenarios of research/local.md §4.4: what a driver may do, and what must come of it.

#include "adapters/telemetry/nvml.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/adapters/telemetry/scenario.h"

namespace pingjia::adapters {
namespace {

using harness::DeviceEnergy;
using nlohmann::json;

json card(const json& more = json::object()) {
  json device{{"name", "NVIDIA H100 80GB HBM3"},
              {"uuid", "GPU-1"},
              {"memory_mib", 81559},
              {"power_limit_w", 700},
              {"power_w", 400},
              {"clock_mhz", 1980},
              {"throttle", 0},
              {"temperature_c", 55},
              {"utilisation", 0}};
  device.merge_patch(more);
  return device;
}

json machine(const json& device) {
  return {{"devices", json::array({device})}};
}

bool has(const DeviceEnergy& energy, const char* flag) {
  return std::find(energy.flags.begin(), energy.flags.end(), flag) != energy.flags.end();
}

TEST(Nvml, MeasuresASteadyLoad) {
  Scenario scenario(machine(card()));
  scenario.read(0, 20'000);
  const DeviceEnergy energy = scenario.energy(0, 20'000);
  ASSERT_TRUE(energy.joules) << energy.unknown;
  EXPECT_NEAR(*energy.joules, 8000, 1e-6);
  EXPECT_EQ(energy.method, "NVML energy counter");
  EXPECT_NEAR(*energy.integrated_joules, 8000, 1e-6);
  EXPECT_EQ(energy.updates, 200);
  EXPECT_NEAR(energy.edge_error, 0.01, 1e-12);
  EXPECT_TRUE(energy.flags.empty());
  EXPECT_TRUE(energy.fake);
  EXPECT_EQ(*energy.clock_mean_mhz, 1980);
  EXPECT_EQ(*energy.temperature_end_c, 55);
}

TEST(Nvml, DescribesTheDevice) {
  Scenario scenario(machine(card()));
  const auto device = scenario.sampler().devices().at(0);
  EXPECT_EQ(device.name, "NVIDIA H100 80GB HBM3");
  EXPECT_EQ(device.id, "GPU-1");
  EXPECT_EQ(device.memory_mib, 81559);
  EXPECT_EQ(device.power_limit_w, 700);
  EXPECT_EQ(device.driver, "550.54.15");
  EXPECT_TRUE(device.fake);
  EXPECT_FALSE(device.mig);
  EXPECT_EQ(scenario.sampler().missing(), "");
}

TEST(Nvml, ALoadThatChangesIsIntegratedToo) {
  Scenario scenario(machine(card({{"power_w", {{0, 100}, {5'000, 600}, {15'000, 200}}}})));
  scenario.read(0, 20'000);
  const DeviceEnergy energy = scenario.energy(0, 20'000);
  EXPECT_NEAR(*energy.joules, 500 + 6000 + 1000, 1e-6);
  EXPECT_LT(*energy.disagreement, 0.01);
}

TEST(Nvml, ACounterQuantisedAt100MsIsRightWithinItsEdges) {
  Scenario scenario(machine(card({{"power_w", {{0, 100}, {5'000, 600}}}})));
  scenario.read(0, 16'000);
  const DeviceEnergy energy = scenario.energy(4'030, 15'070);
  const double truth = 100 * 0.97 + 600 * 10.07;
  EXPECT_NEAR(*energy.joules / truth, 1, energy.edge_error);
}

TEST(Nvml, AShortWindowIsFlagged) {
  Scenario scenario(machine(card()));
  scenario.read(0, 2'000);
  const DeviceEnergy energy = scenario.energy(0, 2'000);
  EXPECT_TRUE(energy.joules);
  EXPECT_TRUE(has(energy, harness::flag::kShort));
  EXPECT_NEAR(energy.edge_error, 0.1, 1e-12);
}

TEST(Nvml, AWindowOfOneTickIsUnknownNotZero) {
  Scenario scenario(machine(card()));
  scenario.read(100, 190, 10);
  const DeviceEnergy energy = scenario.energy(100, 190);
  EXPECT_FALSE(energy.joules);
  EXPECT_EQ(energy.unknown, "the energy counter did not move");
}

TEST(Nvml, PowerAveragedOverASecondLagsButAgreesWhenSteady) {
  Scenario scenario(machine(card({{"power", {{"instant", false}, {"average_ms", 1000}}}})));
  EXPECT_TRUE(scenario.sampler().devices()[0].power_is_averaged);
  scenario.read(0, 20'000);
  EXPECT_FALSE(has(scenario.energy(0, 20'000), harness::flag::kDisagrees));
}

TEST(Nvml, ACounterAgainstPowerByMoreThanOnePerCentIsFlagged) {
  Scenario scenario(machine(card({{"energy", {{"scale", 0.97}}}})));
  scenario.read(0, 20'000);
  const DeviceEnergy energy = scenario.energy(0, 20'000);
  EXPECT_NEAR(*energy.joules, 7760, 1e-6);
  EXPECT_TRUE(has(energy, harness::flag::kDisagrees));
  EXPECT_NEAR(*energy.disagreement, 1 / 0.97 - 1, 1e-9);
}

TEST(Nvml, ACounterWithinHalfAPerCentIsNot) {
  Scenario scenario(machine(card({{"energy", {{"scale", 0.995}}}})));
  scenario.read(0, 20'000);
  EXPECT_FALSE(has(scenario.energy(0, 20'000), harness::flag::kDisagrees));
}

TEST(Nvml, WithoutACounterPowerIsIntegrated) {
  Scenario scenario(machine(card({{"energy", {{"error", 3}}}})));
  scenario.read(0, 20'000);
  const DeviceEnergy energy = scenario.energy(0, 20'000);
  EXPECT_NEAR(*energy.joules, 8000, 1e-6);
  EXPECT_EQ(energy.method, "NVML power, integrated");
  EXPECT_TRUE(has(energy, harness::flag::kIntegrated));
}

TEST(Nvml, NotSupportedIsUnknownNotZero) {
  Scenario scenario(machine(card({{"energy", {{"error", 3}}}, {"power", {{"error", 3}}}})));
  scenario.read(0, 20'000);
  const DeviceEnergy energy = scenario.energy(0, 20'000);
  EXPECT_FALSE(energy.joules);
  EXPECT_EQ(energy.unknown, "neither energy nor power: Not Supported");
}

TEST(Nvml, WithoutPermissionSaysSo) {
  Scenario scenario(machine(card({{"energy", {{"error", 4}}}, {"power", {{"error", 4}}}})));
  EXPECT_EQ(scenario.energy(0, 1).unknown, "neither energy nor power: Insufficient Permissions");
}

TEST(Nvml, WithoutPowerTheCounterStandsAlone) {
  Scenario scenario(machine(card({{"power", {{"error", 3}}}})));
  scenario.read(0, 20'000);
  const DeviceEnergy energy = scenario.energy(0, 20'000);
  EXPECT_NEAR(*energy.joules, 8000, 1e-6);
  EXPECT_FALSE(energy.disagreement);
}

TEST(Nvml, ACounterThatIsResetMakesTheRunUnknown) {
  Scenario scenario(machine(card({{"energy", {{"reset_at_ms", 8'000}}}})));
  scenario.read(0, 20'000);
  EXPECT_EQ(scenario.energy(0, 20'000).unknown, "the energy counter was reset during the run");
}

TEST(Nvml, ACounterThatStallsIsUnknown) {
  Scenario scenario(machine(card({{"energy", {{"stuck_at_ms", 0}}}})));
  scenario.read(0, 20'000);
  EXPECT_EQ(scenario.energy(0, 20'000).unknown, "the energy counter did not move");
}

TEST(Nvml, ACounterThatStallsHalfWayDisagreesWithPower) {
  Scenario scenario(machine(card({{"energy", {{"stuck_at_ms", 10'000}}}})));
  scenario.read(0, 20'000);
  EXPECT_TRUE(has(scenario.energy(0, 20'000), harness::flag::kDisagrees));
}

TEST(Nvml, ACounterThatFailsLaterLeavesTooFewReadings) {
  Scenario scenario(machine(card({{"energy", {{"error", 999}, {"error_at_ms", 9'000}}}})));
  scenario.read(0, 20'000);
  EXPECT_EQ(scenario.energy(0, 20'000).unknown, "too few readings of the energy counter");
  // What was read before it failed stands.
  EXPECT_NEAR(*scenario.energy(0, 8'000).joules, 3200, 1e-6);
}

TEST(Nvml, AGpuLostInTheMiddleIsUnknown) {
  Scenario scenario(machine(card({{"lost_at_ms", 12'000}})));
  scenario.read(0, 20'000);
  EXPECT_EQ(scenario.energy(0, 20'000).unknown, "GPU is lost");
  EXPECT_NEAR(*scenario.energy(0, 11'000).joules, 4400, 1e-6);
}

TEST(Nvml, AGpuLostFromTheStartIsUnknown) {
  Scenario scenario(machine(card({{"handle", 15}})));
  EXPECT_EQ(scenario.sampler().devices().at(0).unknown, "GPU is lost");
  scenario.read(0, 1'000);
  EXPECT_FALSE(scenario.energy(0, 1'000).joules);
}

TEST(Nvml, BurstsOfThrottlingAreFlaggedAboveOnePerCent) {
  for (const auto& [length, flagged] : {std::pair{100, false}, {1'000, true}}) {
    for (const int reason : {0x04, 0x08, 0x20, 0x40, 0x80}) {
      Scenario scenario(
          machine(card({{"throttle", {{0, 1}, {5'000, reason}, {5'000 + length, 0}}}})));
      scenario.read(0, 20'000);
      const DeviceEnergy energy = scenario.energy(0, 20'000);
      EXPECT_EQ(has(energy, harness::flag::kThrottled), flagged) << reason;
      EXPECT_NEAR(*energy.throttled, length / 20'000.0, 0.001);
    }
  }
}

TEST(Nvml, IdlenessAndAClockTheUserSetAreNoThrottling) {
  Scenario scenario(machine(card({{"throttle", 0x01 | 0x02 | 0x10}})));
  scenario.read(0, 20'000);
  EXPECT_EQ(scenario.energy(0, 20'000).throttled, 0);
}

TEST(Nvml, ClocksOfTheWindowAreKept) {
  Scenario scenario(machine(card({{"clock_mhz", {{0, 1'980}, {10'000, 1'200}}}})));
  scenario.read(0, 20'000);
  const DeviceEnergy energy = scenario.energy(0, 20'000);
  EXPECT_EQ(energy.clock_low_mhz, 1'200);
  EXPECT_EQ(energy.clock_high_mhz, 1'980);
}

TEST(Nvml, MigIsOfTheWholeBoardAndSaysSo) {
  Scenario scenario(machine(card({{"mig", true}})));
  scenario.read(0, 20'000);
  EXPECT_TRUE(scenario.sampler().devices()[0].mig);
  EXPECT_TRUE(has(scenario.energy(0, 20'000), harness::flag::kMig));
}

TEST(Nvml, OtherProcessesAreSeen) {
  EXPECT_EQ(Scenario(machine(card({{"processes", 2}}))).sampler().busy().at(0),
            "2 other processes");
  EXPECT_EQ(Scenario(machine(card({{"processes", 1}}))).sampler().busy().at(0), "1 other process");
  EXPECT_EQ(Scenario(machine(card())).sampler().busy().at(0), "");
}

TEST(Nvml, HiddenProcessesShowByTheirWork) {
  // Process ids of a host are hidden from a container: the use of the device is not.
  EXPECT_EQ(
      Scenario(machine(card({{"processes_error", 4}, {"utilisation", 37}}))).sampler().busy().at(0),
      "37 % busy");
  EXPECT_EQ(Scenario(machine(card({{"utilisation", 3}}))).sampler().busy().at(0), "");
}

TEST(Nvml, AGapOfMoreThanThreeSecondsIsFlagged) {
  Scenario scenario(machine(card()));
  scenario.read(0, 8'000);
  scenario.read(11'500, 20'000);
  EXPECT_TRUE(has(scenario.energy(0, 20'000), harness::flag::kGap));
  EXPECT_NEAR(*scenario.energy(0, 20'000).joules, 8000, 1e-6);
}

TEST(Nvml, TwoGpusAreTwoDevices) {
  Scenario scenario(json{{"devices", {card(), card({{"uuid", "GPU-2"}, {"power_w", 100}})}}});
  scenario.read(0, 20'000);
  EXPECT_NEAR(*scenario.energy(0, 20'000, 0).joules, 8000, 1e-6);
  EXPECT_NEAR(*scenario.energy(0, 20'000, 1).joules, 2000, 1e-6);
}

TEST(Nvml, LeavesOutWhatCudaDoesNotSee) {
  const json two{{"devices", {card(), card({{"uuid", "GPU-2abcdef"}})}}};
  const Scenario scenario(two);
  const auto seen = [](const char* visible) {
    std::string ids;
    const NvmlMeter meter(PINGJIA_FAKE_NVML_LIBRARY, visible);
    for (const auto& device : meter.devices()) {
      ids += device.id + " ";
    }
    return ids;
  };
  EXPECT_EQ(seen("1"), "GPU-2abcdef ");
  EXPECT_EQ(seen("GPU-2ab"), "GPU-2abcdef ");
  EXPECT_EQ(seen("0,1"), "GPU-1 GPU-2abcdef ");
  EXPECT_EQ(seen("-1"), "");
}

TEST(Nvml, AnOldDriverWithoutItsLaterFunctionsIsMeasuredByPower) {
  Scenario scenario(machine(card()), PINGJIA_FAKE_OLD_NVML_LIBRARY);
  const auto device = scenario.sampler().devices().at(0);
  EXPECT_TRUE(device.power_is_averaged);
  EXPECT_FALSE(device.memory_mib);
  scenario.read(0, 20'000);
  const DeviceEnergy energy = scenario.energy(0, 20'000);
  EXPECT_NEAR(*energy.joules, 8000, 1e-6);
  EXPECT_EQ(energy.method, "NVML power, integrated");
  EXPECT_EQ(energy.temperature_end_c, 55);
  EXPECT_EQ(energy.throttled, 0);
}

TEST(Nvml, ADriverThatIsNotLoadedIsNoDevice) {
  Scenario scenario(json{{"init", 9}, {"devices", json::array()}});
  EXPECT_TRUE(scenario.sampler().devices().empty());
  EXPECT_EQ(scenario.sampler().missing(), "NVML: Driver Not Loaded");
}

TEST(Nvml, AMachineWithoutGpusIsNoDevice) {
  Scenario scenario(json{{"devices", json::array()}});
  EXPECT_EQ(scenario.sampler().missing(), "NVML: no GPU is visible");
}

TEST(Nvml, AMissingLibraryIsNoDevice) {
  const NvmlMeter meter("/nowhere/libnvidia-ml.so.1");
  EXPECT_TRUE(meter.devices().empty());
  EXPECT_NE(meter.missing().find("/nowhere/libnvidia-ml.so.1"), std::string::npos);
}

TEST(Nvml, AnotherLibraryOfThatNameIsNoDevice) {
  const NvmlMeter meter("libm.so.6");
  EXPECT_TRUE(meter.devices().empty());
  EXPECT_EQ(meter.missing(), "NVML: libm.so.6 lacks nvmlInit_v2 and its like");
}

}  // namespace
}  // namespace pingjia::adapters

#include "harness/money/energy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/rng.h"

namespace pingjia::harness {
namespace {

EnergyTrace trace_of(double watts, Nanos end, Nanos step = 100 * kMillisecond) {
  EnergyTrace trace;
  trace.device.name = "card";
  trace.device.scope = "GPU board";
  trace.device.meter = "NVML";
  for (Nanos at = 0; at <= end; at += step) {
    PowerSample sample;
    sample.at = at;
    sample.energy_uj = static_cast<std::int64_t>(watts * seconds(at) * 1e6 + 0.5);
    sample.power_mw = static_cast<std::int64_t>(watts * 1e3);
    trace.samples.push_back(sample);
  }
  return trace;
}

// Golden vectors G1, G4 and G5: watts over tokens a second.
TEST(Energy, GoldenJoulesPerToken) {
  struct Row {
    double watts;
    double tokens_per_s;
    double joules;
    double tolerance;
  };
  for (const Row& row : {Row{10'401, 102'909, 0.1011, 5e-5},
                         {9'436, 146'960, 0.0642, 5e-5},
                         {9'892, 1'637, 6.042, 0.001},
                         {2'548, 6'827.2, 0.3731, 0.0002},
                         {1'730, 5'000, 0.346, 1e-9},
                         {1'730, 4'000, 0.4325, 1e-9},
                         {1'730, 1'000, 1.73, 1e-9}}) {
    const auto energy = energy_of(trace_of(row.watts, 20 * kSecond), 0, 20 * kSecond);
    ASSERT_TRUE(energy.joules);
    EXPECT_NEAR(*energy.joules / (20 * row.tokens_per_s), row.joules, row.tolerance);
    EXPECT_LT(*energy.disagreement, 1e-9);
  }
}

TEST(Energy, InterpolatesAtTheEdges) {
  const auto energy =
      energy_of(trace_of(100, 20 * kSecond), 1'234 * kMillisecond, 13'777 * kMillisecond);
  EXPECT_NEAR(*energy.joules, 100 * 12.543, 1e-6);
  EXPECT_NEAR(*energy.integrated_joules, 100 * 12.543, 1e-6);
}

TEST(Energy, WindowsSideBySideSumToTheWhole) {
  Rng rng(3, "energy");
  for (int run = 0; run < 1'000; ++run) {
    EnergyTrace trace = trace_of(0, 0);
    trace.samples.clear();
    const std::int64_t range = 50'000'000;
    std::int64_t sum = 0;
    const std::int64_t start = static_cast<std::int64_t>(rng.below(50'000'000));
    trace.device.counter_range_uj = range;
    for (int i = 0; i <= 200; ++i) {
      PowerSample sample;
      sample.at = i * 100 * kMillisecond;
      sample.energy_uj = (start + sum) % range;
      trace.samples.push_back(sample);
      sum += 1 + static_cast<std::int64_t>(rng.below(40'000'000));
    }
    const Nanos middle = static_cast<Nanos>(rng.below(16'000)) * kMillisecond + 2 * kSecond;
    const auto whole = energy_of(trace, 0, 20 * kSecond);
    const auto first = energy_of(trace, 0, middle);
    const auto second = energy_of(trace, middle, 20 * kSecond);
    ASSERT_TRUE(whole.joules && first.joules && second.joules);
    ASSERT_NEAR(*first.joules + *second.joules, *whole.joules, 1e-9 * *whole.joules);
    ASSERT_GT(*first.joules, 0);
  }
}

TEST(Energy, IsUnknownWhereReadingsDoNotReachTheWindow) {
  const EnergyTrace trace = trace_of(100, 20 * kSecond);
  EXPECT_EQ(energy_of(trace, 0, 21 * kSecond).unknown, "too few readings of the energy counter");
  EXPECT_EQ(energy_of({trace.device, {}, {}}, 0, kSecond).unknown,
            "neither energy nor power can be read");
  EXPECT_EQ(energy_of(trace, kSecond, kSecond).unknown, "the window is empty");
}

TEST(Energy, AHundredUpdatesMakeAWindowLongEnough) {
  const auto has_short = [](const DeviceEnergy& energy) {
    return std::find(energy.flags.begin(), energy.flags.end(), flag::kShort) != energy.flags.end();
  };
  EXPECT_TRUE(has_short(energy_of(trace_of(100, 9 * kSecond), 0, 9 * kSecond)));
  EXPECT_FALSE(has_short(energy_of(trace_of(100, 9 * kSecond, 10 * kMillisecond), 0, 9 * kSecond)));
}

DeviceEnergy device(const char* scope, std::optional<double> joules, const char* unknown = "") {
  DeviceEnergy energy;
  energy.name = scope;
  energy.scope = scope;
  energy.method = "meter";
  energy.joules = joules;
  energy.unknown = unknown;
  return energy;
}

EnergySum sum(std::vector<DeviceEnergy> devices) {
  const EnergyWindow window{"s", 0, 10 * kSecond, std::move(devices)};
  return sum_of({&window, 1});
}

TEST(EnergySum, IsOfEveryGpuAndWhatElseIsMeasured) {
  const EnergySum both =
      sum({device("GPU board", 100), device("GPU board", 50), device("CPU package", 30)});
  EXPECT_EQ(*both.joules, 180);
  EXPECT_EQ(both.maker, "2 GPU boards by meter, 1 CPU package by meter, 10.000 s");
  const EnergySum gpu = sum({device("GPU board", 100), device("CPU package", {}, "root only")});
  EXPECT_EQ(*gpu.joules, 100);
  EXPECT_EQ(gpu.maker,
            "1 GPU board by meter, 10.000 s; not measured: CPU package (CPU package: root only)");
}

TEST(EnergySum, IsUnknownWhereTheDeviceThatWorksIs) {
  const EnergySum lost =
      sum({device("GPU board", 100), device("GPU board", {}, "lost"), device("CPU package", 30)});
  EXPECT_FALSE(lost.joules);
  EXPECT_EQ(lost.maker, "unknown: GPU board: lost");
  EXPECT_EQ(sum({}).maker, "unknown: no meter");
  EXPECT_EQ(*sum({device("CPU package", 30), device("DRAM", {}, "no")}).joules, 30);
}

TEST(EnergySum, OfAFakeMeterSaysSo) {
  DeviceEnergy fake = device("GPU board", 1);
  fake.fake = true;
  const EnergySum marked = sum({fake});
  EXPECT_TRUE(marked.fake);
  EXPECT_EQ(marked.maker.rfind("fake meter, a test double: ", 0), 0);
}

TEST(SessionEnergy, IsReadBack) {
  SessionEnergy energy;
  energy.unknown = "";
  energy.idle = {device("GPU board", 12.5)};
  energy.idle_s = 5;
  energy.poll_share = 0.001;
  energy.windows.push_back({"s/p", 1, 2, {energy_of(trace_of(100, kSecond), 0, kSecond)}});
  energy.windows[0].devices[0].fake = true;
  const nlohmann::json kept = to_json(energy);
  EXPECT_EQ(kept.at("windows")[0].at("devices")[0].at("telemetry_source"), "fake");
  EXPECT_EQ(to_json(session_energy_from_json(kept)), kept);
  SessionEnergy unknown;
  unknown.unknown = "no meter";
  EXPECT_EQ(session_energy_from_json(to_json(unknown)).unknown, "no meter");
}

}  // namespace
}  // namespace pingjia::harness

#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/base/loop.h"

namespace pingjia::harness {

/// What holds a clock back, as a bit set: the reasons that slow work down, not idleness or a
/// setting of the user's.
enum Throttle : unsigned { kPowerCap = 1, kHardwareSlowdown = 2, kThermal = 4, kPowerBrake = 8 };

/// One reading of one device. What it does not say is empty, never zero.
struct PowerSample {
  Nanos at = 0;
  std::optional<std::int64_t> energy_uj;  ///< Counter since some start; see MeteredDevice.
  std::optional<std::int64_t> power_mw;
  std::optional<int> clock_mhz;
  std::optional<unsigned> throttle;  ///< Throttle bits.
  std::optional<int> temperature_c;
};

/// A device that a meter knows, measurable or not.
struct MeteredDevice {
  std::string name;     ///< "NVIDIA H100 80GB HBM3"
  std::string id;       ///< "GPU-…", "intel-rapl:0"
  std::string scope;    ///< "GPU board", "CPU package", "DRAM": what the figure is of.
  std::string meter;    ///< "NVML", "RAPL"
  std::string unknown;  ///< Why its energy cannot be measured; empty where it can.
  std::optional<std::int64_t>
      counter_range_uj;                      ///< The counter wraps here; nothing: it never does.
  Nanos update_period = 100 * kMillisecond;  ///< Of the counter.
  bool power_is_averaged = false;  ///< The reading of power is a mean over the last second.
  bool mig = false;                ///< Shared out in slices; figures are of the whole board.
  bool fake = false;               ///< A test double: measures nothing.
  std::optional<std::int64_t> memory_mib;
  std::optional<double> power_limit_w;
  std::string driver;
};

/// The readings of one device, in order of time.
struct EnergyTrace {
  MeteredDevice device;
  std::vector<PowerSample> samples;
  std::string lost;  ///< Why reading it ended early; empty: it did not.
};

/// What one device used in one window.
struct DeviceEnergy {
  std::string name;
  std::string id;
  std::string scope;
  std::string method;            ///< "NVML energy counter", "NVML power, integrated"
  std::optional<double> joules;  ///< Nothing: `unknown` says why.
  std::string unknown;
  std::optional<double> integrated_joules;  ///< By power, where the method is the counter.
  std::optional<double> disagreement;       ///< |integrated / counter − 1|.
  double edge_error = 0;                    ///< Two periods of the counter over the window.
  std::int64_t updates = 0;                 ///< Changes of the counter seen.
  std::optional<double> throttled;          ///< Share of samples with a Throttle bit.
  std::optional<int> clock_low_mhz, clock_high_mhz;
  std::optional<double> clock_mean_mhz;
  std::optional<int> temperature_begin_c, temperature_end_c;
  std::vector<std::string> flags;  ///< See flag::.
  bool fake = false;
};

namespace flag {
inline constexpr const char* kShort = "short_window";   ///< Under 10 s and under 100 updates.
inline constexpr const char* kDisagrees = "disagrees";  ///< Counter and integral, over 1 %.
inline constexpr const char* kGap = "gap";              ///< Over 3 s without a sample.
inline constexpr const char* kThrottled = "throttled";  ///< Over 1 % of samples.
inline constexpr const char* kContended = "contended";  ///< Others used the device.
inline constexpr const char* kMig = "mig";
inline constexpr const char* kIntegrated = "integrated";  ///< No counter: by power alone.
}  // namespace flag

/// Energy of [begin, end]. By the counter where the device has one: its readings interpolated at
/// the edges, wraps added where the range is known; a counter that goes back without one was reset,
/// and the energy is unknown. Else by power: trapezoids, interpolated at the edges. Unknown too
/// where fewer than two samples reach the window, or where it was lost before the end.
/// (research/local.md §4.1-4.3.)
DeviceEnergy energy_of(const EnergyTrace& trace, Nanos begin, Nanos end);

/// What a system used while it answered one suite, in one session.
struct EnergyWindow {
  std::string suite;  ///< "suite/protocol"; "" of loading.
  Nanos begin = 0;
  Nanos end = 0;
  std::vector<DeviceEnergy> devices;
};

/// Energy of one system in one session.
struct SessionEnergy {
  std::string unknown = "no meter was asked";  ///< Empty where something was measured.
  std::vector<DeviceEnergy> idle;  ///< Before anything was loaded: the baseline, in watts x window.
  double idle_s = 0;
  std::vector<EnergyWindow> windows;
  std::optional<double> poll_share;  ///< Of one core, spent on reading the meters.
};

nlohmann::json to_json(const SessionEnergy& energy);
SessionEnergy session_energy_from_json(const nlohmann::json& energy);

/// Joules of several devices together, by scope: every GPU board where there is one, else every
/// CPU package; those that are measured besides are added and named.
struct EnergySum {
  std::optional<double> joules;
  double seconds = 0;
  std::string maker;  ///< What it is of and how it was measured, or why it is unknown.
  bool fake = false;
};
EnergySum sum_of(std::span<const EnergyWindow> windows);

}  // namespace pingjia::harness

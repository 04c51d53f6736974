#include "harness/money/energy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace pingjia::harness {

namespace {

constexpr Nanos kShortWindow = 10 * kSecond;
constexpr std::int64_t kFewUpdates = 100;
constexpr Nanos kLongGap = 3 * kSecond;
constexpr double kMostDisagreement = 0.01;
constexpr double kMostThrottled = 0.01;

/// One quantity over time.
struct Point {
  Nanos at;
  double value;
};

// The value at `at` on the line through the points around it.
double at(const std::vector<Point>& points, Nanos when) {
  const auto after = std::lower_bound(points.begin(), points.end(), when,
                                      [](const Point& p, Nanos t) { return p.at < t; });
  if (after == points.begin()) return points.front().value;
  if (after == points.end()) return points.back().value;
  const Point& b = *after;
  const Point& a = *(after - 1);
  const double share =
      static_cast<double>(when - a.at) / static_cast<double>(std::max<Nanos>(b.at - a.at, 1));
  return a.value + share * (b.value - a.value);
}

bool reaches(const std::vector<Point>& points, Nanos begin, Nanos end) {
  if (points.size() < 2) return false;
  // A sample within two ticks of the edge stands for it: readings are taken at the edges.
  constexpr Nanos kNear = 200 * kMillisecond;
  return points.front().at <= begin + kNear && points.back().at >= end - kNear;
}

/// A counter as joules since its first reading, wraps undone; nothing where it was reset.
std::optional<std::vector<Point>> unwrapped(const EnergyTrace& trace) {
  std::vector<Point> points;
  std::int64_t before = 0;
  std::int64_t sum = 0;
  for (const auto& sample : trace.samples) {
    if (!sample.energy_uj) continue;
    if (!points.empty()) {
      std::int64_t step = *sample.energy_uj - before;
      if (step < 0) {
        if (!trace.device.counter_range_uj) return std::nullopt;
        step += *trace.device.counter_range_uj;
        if (step < 0) return std::nullopt;
      }
      sum += step;
    }
    before = *sample.energy_uj;
    points.push_back({sample.at, static_cast<double>(sum) * 1e-6});
  }
  return points;
}

std::vector<Point> powers_of(const EnergyTrace& trace) {
  std::vector<Point> points;
  for (const auto& sample : trace.samples) {
    if (sample.power_mw)
      points.push_back({sample.at, static_cast<double>(*sample.power_mw) * 1e-3});
  }
  return points;
}

// Trapezoids between the edges.
double integral(const std::vector<Point>& points, Nanos begin, Nanos end) {
  double sum = 0;
  Point before{begin, at(points, begin)};
  const auto add = [&](const Point& next) {
    sum += 0.5 * (before.value + next.value) * seconds(next.at - before.at);
    before = next;
  };
  for (const auto& point : points) {
    if (point.at > begin && point.at < end) add(point);
  }
  add({end, at(points, end)});
  return sum;
}

std::int64_t updates_in(const std::vector<Point>& points, Nanos begin, Nanos end) {
  std::int64_t updates = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (points[i].at <= begin || points[i].at > end) continue;
    if (points[i].value != points[i - 1].value) ++updates;
  }
  return updates;
}

// Clocks, temperatures, throttling and gaps of the samples in the window.
void describe(const EnergyTrace& trace, Nanos begin, Nanos end, DeviceEnergy& energy) {
  std::int64_t judged = 0;
  std::int64_t held_back = 0;
  std::int64_t clocked = 0;
  double clocks = 0;
  bool gap = false;
  Nanos before = begin;
  for (const auto& sample : trace.samples) {
    if (sample.at < begin || sample.at > end) continue;
    gap = gap || sample.at - before > kLongGap;
    before = sample.at;
    if (sample.throttle) {
      ++judged;
      if (*sample.throttle != 0) ++held_back;
    }
    if (sample.clock_mhz) {
      const int clock = *sample.clock_mhz;
      energy.clock_low_mhz = std::min(energy.clock_low_mhz.value_or(clock), clock);
      energy.clock_high_mhz = std::max(energy.clock_high_mhz.value_or(clock), clock);
      clocks += clock;
      ++clocked;
    }
    if (sample.temperature_c) {
      if (!energy.temperature_begin_c) energy.temperature_begin_c = sample.temperature_c;
      energy.temperature_end_c = sample.temperature_c;
    }
  }
  if (clocked > 0) energy.clock_mean_mhz = clocks / static_cast<double>(clocked);
  if (judged > 0) {
    energy.throttled = static_cast<double>(held_back) / static_cast<double>(judged);
    if (*energy.throttled > kMostThrottled) energy.flags.emplace_back(flag::kThrottled);
  }
  if (gap || end - before > kLongGap) energy.flags.emplace_back(flag::kGap);
}

// By the counter; whether there is one.
bool measure_by_counter(const EnergyTrace& trace, Nanos begin, Nanos end, DeviceEnergy& energy) {
  const auto counter = unwrapped(trace);
  if (!counter) {
    energy.unknown = "the energy counter was reset during the run";
    return true;
  }
  if (counter->empty()) return false;
  energy.method = trace.device.meter + " energy counter";
  if (!reaches(*counter, begin, end)) {
    energy.unknown = "too few readings of the energy counter";
    return true;
  }
  energy.updates = updates_in(*counter, begin, end);
  if (energy.updates == 0) {
    energy.unknown = "the energy counter did not move";
    return true;
  }
  energy.joules = at(*counter, end) - at(*counter, begin);
  if (end - begin < kShortWindow && energy.updates < kFewUpdates) {
    energy.flags.emplace_back(flag::kShort);
  }
  const auto powers = powers_of(trace);
  if (!reaches(powers, begin, end)) return true;
  energy.integrated_joules = integral(powers, begin, end);
  energy.disagreement = std::abs(*energy.integrated_joules / *energy.joules - 1);
  if (*energy.disagreement > kMostDisagreement) energy.flags.emplace_back(flag::kDisagrees);
  return true;
}

void measure_by_power(const EnergyTrace& trace, Nanos begin, Nanos end, DeviceEnergy& energy) {
  const auto powers = powers_of(trace);
  if (powers.empty()) {
    energy.unknown = "neither energy nor power can be read";
    return;
  }
  energy.method = trace.device.meter + " power, integrated";
  if (!reaches(powers, begin, end)) {
    energy.unknown = "too few readings of power";
    return;
  }
  energy.joules = integral(powers, begin, end);
  energy.flags.emplace_back(flag::kIntegrated);
  if (end - begin < kShortWindow) energy.flags.emplace_back(flag::kShort);
}

}  // namespace

DeviceEnergy energy_of(const EnergyTrace& trace, Nanos begin, Nanos end) {
  assert(begin <= end);
  const MeteredDevice& device = trace.device;
  DeviceEnergy energy;
  energy.name = device.name;
  energy.id = device.id;
  energy.scope = device.scope;
  energy.method = device.meter;
  energy.fake = device.fake;
  energy.unknown = device.unknown;
  if (device.mig) energy.flags.emplace_back(flag::kMig);
  if (!energy.unknown.empty()) return energy;
  if (begin == end) {
    energy.unknown = "the window is empty";
    return energy;
  }
  energy.edge_error =
      2 * static_cast<double>(device.update_period) / static_cast<double>(end - begin);
  describe(trace, begin, end, energy);
  if (!trace.lost.empty() &&
      (trace.samples.empty() || trace.samples.back().at < end - device.update_period)) {
    energy.unknown = trace.lost;
    return energy;
  }
  if (!measure_by_counter(trace, begin, end, energy)) measure_by_power(trace, begin, end, energy);
  return energy;
}

namespace {

constexpr std::array<const char*, 3> kScopes{"GPU board", "CPU package", "DRAM"};

struct ScopeSum {
  double joules = 0;
  std::size_t devices = 0;  // The most in one window.
  std::string method;
  std::string unknown;
};

ScopeSum sum_scope(std::span<const EnergyWindow> windows, const std::string& scope, bool& fake) {
  ScopeSum sum;
  for (const auto& window : windows) {
    std::size_t devices = 0;
    for (const auto& device : window.devices) {
      if (device.scope != scope) continue;
      ++devices;
      fake = fake || device.fake;
      if (device.joules) {
        sum.joules += *device.joules;
        sum.method = device.method;
      } else if (sum.unknown.empty()) {
        sum.unknown = device.name + ": " + device.unknown;
      }
    }
    sum.devices = std::max(sum.devices, devices);
  }
  return sum;
}

}  // namespace

EnergySum sum_of(std::span<const EnergyWindow> windows) {
  EnergySum sum;
  for (const auto& window : windows) sum.seconds += seconds(window.end - window.begin);
  double joules = 0;
  std::string parts;
  std::string missing;
  bool decided = false;
  for (const char* scope : kScopes) {
    const ScopeSum part = sum_scope(windows, scope, sum.fake);
    if (part.devices == 0) continue;
    if (part.unknown.empty()) {
      joules += part.joules;
      parts += fmt::format("{}{} {}{} by {}", parts.empty() ? "" : ", ", part.devices, scope,
                           part.devices == 1 ? "" : "s", part.method);
    } else {
      missing += fmt::format("{}{} ({})", missing.empty() ? "" : ", ", scope, part.unknown);
      // The first scope there is does the work: without it there is no figure.
      if (!decided) {
        sum.maker = "unknown: " + part.unknown;
        return sum;
      }
    }
    decided = true;
  }
  if (!decided) {
    sum.maker = "unknown: no meter";
    return sum;
  }
  sum.joules = joules;
  sum.maker = (sum.fake ? "fake meter, a test double: " : "") + parts +
              fmt::format(", {:.3f} s", sum.seconds) +
              (missing.empty() ? "" : "; not measured: " + missing);
  return sum;
}

}  // namespace pingjia::harness

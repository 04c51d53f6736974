#include <fmt/format.h>

#include <set>

#include "harness/summary/measures.h"

namespace pingjia::harness {

namespace {

Measured unmeasured(std::string why) {
  return {{}, {}, {}, std::move(why)};
}

/// Joules of the windows that belong to a row.
struct RowEnergy {
  EnergySum sum;
  std::set<std::string> flags;
  double idle_j = 0;  // What the same devices would have used idle, as far as that is known.
  bool idle_known = false;
};

bool belongs(const EnergyWindow& window, const RowFacts& row) {
  return !window.suite.empty() && (row.whole() || window.suite == row.suite);
}

// Watts of the measured devices before anything was loaded; nothing where one is unknown.
std::optional<double> idle_watts(const SessionEnergy& energy) {
  if (energy.idle_s <= 0 || energy.idle.empty()) return std::nullopt;
  const EnergyWindow window{"idle", 0, static_cast<Nanos>(energy.idle_s * 1e9), energy.idle};
  const EnergySum sum = sum_of({&window, 1});
  if (!sum.joules) return std::nullopt;
  return *sum.joules / energy.idle_s;
}

RowEnergy energy_of_row(const RowFacts& row) {
  RowEnergy total;
  std::vector<EnergyWindow> windows;
  std::set<int> seen;
  for (const auto& attempt : row.attempts) seen.insert(attempt.record->session);
  total.idle_known = true;
  for (const auto& session : row.system->sessions) {
    if (!seen.contains(session.session)) continue;
    const std::string& unknown = session.energy.unknown;
    if (!unknown.empty()) {
      total.sum.maker = "unknown: " + unknown;
      return total;
    }
    seen.erase(session.session);
    const auto watts = idle_watts(session.energy);
    total.idle_known = total.idle_known && watts.has_value();
    for (const auto& window : session.energy.windows) {
      if (!belongs(window, row)) continue;
      windows.push_back(window);
      total.idle_j += watts.value_or(0) * seconds(window.end - window.begin);
      for (const auto& device : window.devices) {
        total.flags.insert(device.flags.begin(), device.flags.end());
      }
    }
  }
  if (!seen.empty()) {
    total.sum.maker = "unknown: not every session has a closing line (it was killed)";
    return total;
  }
  total.sum = sum_of(windows);
  for (const auto& name : total.flags) total.sum.maker += "; " + name;
  return total;
}

Measured per(const RowFacts& row, std::int64_t count, const char* none) {
  const RowEnergy energy = energy_of_row(row);
  if (!energy.sum.joules) return unmeasured(energy.sum.maker);
  if (count == 0) return unmeasured(none);
  return {*energy.sum.joules / static_cast<double>(count), {}, {}, energy.sum.maker};
}

}  // namespace

bool has_fake_energy(const RowFacts& row) {
  return energy_of_row(row).sum.fake;
}

std::vector<std::string> energy_flags(const RowFacts& row) {
  const auto flags = energy_of_row(row).flags;
  return {flags.begin(), flags.end()};
}

Measured measure_energy(const RowFacts& row) {
  RowEnergy energy = energy_of_row(row);
  return {energy.sum.joules, {}, {}, std::move(energy.sum.maker)};
}

Measured measure_energy_above_idle(const RowFacts& row) {
  const RowEnergy energy = energy_of_row(row);
  if (!energy.sum.joules) return unmeasured(energy.sum.maker);
  if (!energy.idle_known) return unmeasured("unknown: no baseline was measured before the run");
  return {*energy.sum.joules - energy.idle_j,
          {},
          {},
          fmt::format("less {:.1f} J that the same devices use idle; {}", energy.idle_j,
                      energy.sum.maker)};
}

Measured measure_power(const RowFacts& row) {
  const RowEnergy energy = energy_of_row(row);
  if (!energy.sum.joules) return unmeasured(energy.sum.maker);
  return {*energy.sum.joules / energy.sum.seconds, {}, {}, energy.sum.maker};
}

Measured measure_energy_per_output_token(const RowFacts& row) {
  if (row.tokens.answers_without > 0) return unmeasured("unknown: answers report no usage");
  return per(row, row.tokens.output, "no such tokens");
}

Measured measure_energy_per_correct(const RowFacts& row) {
  if (row.scored() == 0) return unmeasured("nothing was marked");
  return per(row, row.count(outcome::kRight), "unbounded: no answer was right");
}

}  // namespace pingjia::harness

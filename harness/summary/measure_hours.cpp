#include <fmt/format.h>

#include <cmath>

#include "harness/stats/bootstrap.h"
#include "harness/summary/measures.h"
#include "harness/summary/units.h"

namespace pingjia::harness {

namespace {

const Hardware* hardware_of(const SystemInput& system) {
  if (system.hardware) return &*system.hardware;
  const auto* machine = std::get_if<MachinePricing>(&system.pricing);
  return machine ? &machine->hardware : nullptr;
}

Measured unmeasured(std::string why) {
  return {{}, {}, {}, std::move(why)};
}

constexpr const char* kNoHardware = "unknown: no hardware is given";

// `devices` times the row's hours over its right answers, in millions.
Measured hours_per_million(const RowFacts& row, int devices, const std::string& name) {
  if (row.held <= 0) return unmeasured("no serving time");
  if (row.scored() == 0) return unmeasured("nothing was marked");
  const std::int64_t right = row.count(outcome::kRight);
  if (right == 0) return unmeasured("unbounded: no answer was right");
  const Units units = units_of(row);
  BootstrapOptions options;
  options.seed = row.seed;
  // One stream for every kind of device: their hours are the machine's, times a number.
  options.stream = "hours_per_correct/" + row.system->name + "/" + row.suite;
  const Bootstrap result = bootstrap_ratio(units.machine_hours, units.right, options);
  const double factor = 1e6 * devices;
  Measured measured{factor * seconds(row.held) / 3600 / static_cast<double>(right),
                    {},
                    {},
                    fmt::format("{}{:.3f} s, first sent to last done, over {} right answers", name,
                                seconds(row.held), right)};
  if (!result.defined()) {
    measured.maker += "; no interval: too few right answers";
    return measured;
  }
  measured.maker += fmt::format("; bootstrap 95 % ({}, {} resamples of {} samples)", result.method,
                                options.resamples, units.right.size());
  if (std::isfinite(result.interval.low)) measured.low = factor * result.interval.low;
  if (std::isfinite(result.interval.high)) measured.high = factor * result.interval.high;
  return measured;
}

}  // namespace

Measured measure_serving_hours(const RowFacts& row) {
  if (hardware_of(*row.system) == nullptr) return unmeasured(kNoHardware);
  return {seconds(row.held) / 3600,
          {},
          {},
          fmt::format("machine, {}{:.3f} s, first sent to last done",
                      row.whole() ? "" : "share of the serving window, ", seconds(row.held))};
}

Measured measure_machine_hours_per_correct(const RowFacts& row) {
  if (hardware_of(*row.system) == nullptr) return unmeasured(kNoHardware);
  return hours_per_million(row, 1, "machine x ");
}

Measured measure_gpu_hours_per_correct(const RowFacts& row) {
  const Hardware* hardware = hardware_of(*row.system);
  if (hardware == nullptr) return unmeasured(kNoHardware);
  if (hardware->gpus == 0) return unmeasured("the machine has no GPU");
  return hours_per_million(row, hardware->gpus, fmt::format("{} GPUs x ", hardware->gpus));
}

}  // namespace pingjia::harness

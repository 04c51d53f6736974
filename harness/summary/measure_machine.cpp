#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/summary/measures.h"

namespace pingjia::harness {

namespace {

const Hardware* hardware_of(const SystemInput& system) {
  if (system.hardware) return &*system.hardware;
  const auto* machine = std::get_if<MachinePricing>(&system.pricing);
  return machine ? &machine->hardware : nullptr;
}

double hours(Nanos nanos) {
  return seconds(nanos) / 3600;
}

Measured device_hours(const RowFacts& row, int devices, const std::string& name) {
  return {hours(row.held) * devices,
          {},
          {},
          fmt::format("{} x {}{:.3f} s, first sent to last done", name,
                      row.whole() ? "" : "share of the serving window, ", seconds(row.held))};
}

Measured unmeasured(std::string why) {
  return {{}, {}, {}, std::move(why)};
}

// Over what the cost counts, so that a rate in USD per device-hour gives the $/Mtok of a machine.
Measured rate_by_device(const RowFacts& row, int devices, const char* name) {
  if (row.tokens.answers_without > 0) return {{}, {}, {}, "unknown: answers report no usage"};
  if (row.tokens.output == 0) return {{}, {}, {}, "nothing was generated"};
  if (row.held <= 0) return {{}, {}, {}, "no serving time"};
  return {static_cast<double>(row.tokens.output) / (seconds(row.held) * devices),
          {},
          {},
          fmt::format("{} output tokens over {} {} x {}{:.3f} s, first sent to last done",
                      row.tokens.output, devices, name,
                      row.whole() ? "" : "share of the serving window, ", seconds(row.held))};
}

// The line of sessions.jsonl of every session that has records; null where one is missing.
std::optional<std::vector<const SessionInput*>> sessions_of(const RowFacts& row) {
  std::set<int> seen;
  for (const auto& attempt : row.attempts) seen.insert(attempt.record->session);
  std::vector<const SessionInput*> sessions;
  for (const auto& session : row.system->sessions) {
    seen.erase(session.session);
    sessions.push_back(&session);
  }
  if (!seen.empty() || sessions.empty()) return std::nullopt;
  return sessions;
}

constexpr const char* kKilled = "unknown: not every session has a closing line (it was killed)";
constexpr const char* kOfTheWhole = "measured of the whole system only: see the row of everything";

}  // namespace

Measured measure_core_hours(const RowFacts& row) {
  const Hardware* hardware = hardware_of(*row.system);
  if (hardware == nullptr) return unmeasured("unknown: no hardware is given");
  if (hardware->cores == 0) return unmeasured("unknown: the hardware names no cores");
  return device_hours(row, hardware->cores, fmt::format("{} cores", hardware->cores));
}

Measured measure_gpu_hours(const RowFacts& row) {
  const Hardware* hardware = hardware_of(*row.system);
  if (hardware == nullptr) return unmeasured("unknown: no hardware is given");
  return device_hours(row, hardware->gpus, fmt::format("{} GPUs", hardware->gpus));
}

Measured measure_rate_per_gpu(const RowFacts& row) {
  const Hardware* hardware = hardware_of(*row.system);
  if (hardware == nullptr) return unmeasured("unknown: no hardware is given");
  if (hardware->gpus == 0) return unmeasured("the machine has no GPU");
  return rate_by_device(row, hardware->gpus, "GPUs");
}

Measured measure_rate_per_core(const RowFacts& row) {
  const Hardware* hardware = hardware_of(*row.system);
  if (hardware == nullptr) return unmeasured("unknown: no hardware is given");
  if (hardware->gpus > 0) return unmeasured("of a machine with GPUs, see output tokens/s per GPU");
  if (hardware->cores == 0) return unmeasured("unknown: the hardware names no cores");
  return rate_by_device(row, hardware->cores, "cores");
}

Measured measure_reserved_hours(const RowFacts& row) {
  if (!row.whole()) return unmeasured(kOfTheWhole);
  const auto sessions = sessions_of(row);
  if (!sessions) return unmeasured(kKilled);
  Nanos open = 0;
  for (const SessionInput* session : *sessions) {
    if (!session->closed) return unmeasured(kKilled);
    open += *session->closed - session->opened;
  }
  return {hours(open),
          {},
          {},
          fmt::format("machine, opened to closed with loading and idle time, {} session{}",
                      sessions->size(), sessions->size() == 1 ? "" : "s")};
}

Measured measure_cpu_seconds(const RowFacts& row) {
  if (!row.whole()) return unmeasured(kOfTheWhole);
  const auto sessions = sessions_of(row);
  if (!sessions) return unmeasured(kKilled);
  double sum = 0;
  for (const SessionInput* session : *sessions) {
    if (!session->cpu_seconds) return unmeasured("not measured: no child process of ours");
    sum += *session->cpu_seconds;
  }
  return {sum, {}, {}, "user and system time of child processes, opened to closed"};
}

}  // namespace pingjia::harness

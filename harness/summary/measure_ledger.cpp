#include <fmt/format.h>

#include <set>

#include "harness/summary/measures.h"

namespace pingjia::harness {

namespace {

const Hardware* rented(const RowFacts& row) {
  const auto* machine = std::get_if<MachinePricing>(&row.system->pricing);
  return machine ? &machine->hardware : nullptr;
}

const Hardware* hardware_of(const SystemInput& system) {
  if (system.hardware) return &*system.hardware;
  const auto* machine = std::get_if<MachinePricing>(&system.pricing);
  return machine ? &machine->hardware : nullptr;
}

Measured unmeasured(std::string why) {
  return {{}, {}, {}, std::move(why)};
}

constexpr const char* kNoHardware = "unknown: no hardware is given";
constexpr const char* kByTheToken = "not billed by the hour";
constexpr const char* kOfTheWhole = "measured of the whole system only: see the row of everything";

// Opened to closed, over sessions that have records; nothing where one was killed.
std::optional<Nanos> reserved(const RowFacts& row) {
  std::set<int> seen;
  for (const auto& attempt : row.attempts) seen.insert(attempt.record->session);
  Nanos sum = 0;
  for (const auto& session : row.system->sessions) {
    if (!session.closed) return std::nullopt;
    seen.erase(session.session);
    sum += *session.closed - session.opened;
  }
  if (!seen.empty() || row.system->sessions.empty()) return std::nullopt;
  return sum;
}

Measured hours_of(const RowFacts& row, Nanos time, std::string_view what) {
  const Hardware* hardware = hardware_of(*row.system);
  if (hardware == nullptr) return unmeasured(kNoHardware);
  return {gpu_hours(static_cast<__int128>(time) * hardware->gpus),
          {},
          {},
          fmt::format("{} GPUs x {:.3f} s, {}", hardware->gpus, seconds(time), what)};
}

Measured cost_of(const RowFacts& row, Nanos time, std::string_view what) {
  const Hardware* hardware = rented(row);
  if (hardware == nullptr) return unmeasured(kByTheToken);
  return {cost_of_time(*hardware->usd_per_hour, time).usd(),
          {},
          {},
          fmt::format("{}, {:.3f} s {}", pricing_text(row.system->pricing), seconds(time), what)};
}

// A metric that is proportional to the rate, at another rate of the band.
Measured at_rate(const RowFacts& row, std::optional<Money> Hardware::*rate, const char* which) {
  const Hardware* hardware = rented(row);
  if (hardware == nullptr) return unmeasured(kByTheToken);
  const auto& other = hardware->*rate;
  if (!other) return unmeasured("the rate is one figure, not a band of offers");
  Measured measured = measure_cost_per_correct(row);
  if (!measured.value || *hardware->usd_per_hour == Money()) return measured;
  const double factor = other->usd() / hardware->usd_per_hour->usd();
  const auto scale = [factor](std::optional<double>& value) {
    if (value) *value *= factor;
  };
  scale(measured.value);
  scale(measured.low);
  scale(measured.high);
  measured.maker = fmt::format("at the {} of {} offers, ${}/h; {}", which, hardware->offers,
                               usd_text(*other), measured.maker);
  return measured;
}

Measured double_charged_price(const RowFacts& row, std::int64_t tokens) {
  if (rented(row) == nullptr) return unmeasured(kByTheToken);
  if (row.tokens.answers_without > 0) return unmeasured("unknown: answers report no usage");
  const auto price = usd_per_mtok(row.cost.machine, tokens);
  if (!price) return unmeasured("no such tokens");
  return {price,
          {},
          {},
          "the whole machine charged to this column alone, so that columns do not add up; " +
              pricing_text(row.system->pricing)};
}

}  // namespace

Measured measure_reserved_gpu_hours(const RowFacts& row) {
  if (!row.whole()) return unmeasured(kOfTheWhole);
  const auto time = reserved(row);
  if (!time) return unmeasured("unknown: not every session has a closing line (it was killed)");
  return hours_of(row, *time, "opened to closed");
}

Measured measure_active_gpu_hours(const RowFacts& row) {
  return hours_of(row, row.active, "shares of requests while they were active");
}

Measured measure_idle_gpu_hours(const RowFacts& row) {
  return hours_of(row, row.held - row.active,
                  row.whole() ? "serving window without a request" : "share of idle time");
}

Measured measure_utilisation(const RowFacts& row) {
  if (row.held == 0) return unmeasured("nothing was run");
  return {static_cast<double>(row.active) / static_cast<double>(row.held),
          {},
          {},
          fmt::format("{:.3f} s with a request of {:.3f} s serving", seconds(row.active),
                      seconds(row.held))};
}

Measured measure_machine_rate(const RowFacts& row) {
  const Hardware* hardware = rented(row);
  if (hardware == nullptr) return unmeasured(kByTheToken);
  std::string maker = pricing_text(row.system->pricing);
  if (hardware->usd_per_hour_low && hardware->usd_per_hour_high) {
    maker += fmt::format("; offers from ${} to ${}", usd_text(*hardware->usd_per_hour_low),
                         usd_text(*hardware->usd_per_hour_high));
  }
  return {hardware->usd_per_hour->usd(), {}, {}, std::move(maker)};
}

Measured measure_cost_at_low_rate(const RowFacts& row) {
  return at_rate(row, &Hardware::usd_per_hour_low, "cheapest");
}

Measured measure_cost_at_high_rate(const RowFacts& row) {
  return at_rate(row, &Hardware::usd_per_hour_high, "dearest");
}

Measured measure_active_cost(const RowFacts& row) {
  return cost_of(row, row.active, "with a request");
}

Measured measure_reserved_cost(const RowFacts& row) {
  if (rented(row) == nullptr) return unmeasured(kByTheToken);
  if (!row.whole()) return unmeasured(kOfTheWhole);
  const auto time = reserved(row);
  if (!time) return unmeasured("unknown: not every session has a closing line (it was killed)");
  return cost_of(row, *time, "opened to closed");
}

Measured measure_double_charged_input(const RowFacts& row) {
  return double_charged_price(row, row.tokens.input);
}

Measured measure_double_charged_output(const RowFacts& row) {
  return double_charged_price(row, row.tokens.output);
}

Measured measure_closing_error(const RowFacts& row) {
  if (row.phases.answers_without > 0 || row.active == 0) {
    return unmeasured("unknown: the engine reports no step times of input and output");
  }
  const PhaseTime phases = phases_by_steps(row.phases.prefill_s, row.phases.decode_s, row.active);
  return {
      phases.closing_error,
      {},
      {},
      fmt::format("step times {:.3f} s prefill and {:.3f} s decode against {:.3f} s with a request",
                  row.phases.prefill_s, row.phases.decode_s, seconds(row.active))};
}

}  // namespace pingjia::harness

#include "harness/money/revaluation.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace pingjia::harness {

namespace {

constexpr double kJoulesPerKwh = 3.6e6;
constexpr double kMillion = 1e6;

constexpr std::string_view kNoMachine = "no machine's hours are known";
constexpr std::string_view kNoRent = "nobody says what an hour of the machine costs";
constexpr std::string_view kNoJoules = "its joules were not measured: no electricity can be added";
constexpr std::string_view kNoIdlePower =
    "its idle power was not measured: no electricity of idle hours can be added";
constexpr std::string_view kNoCounts = "its tokens were not counted";
constexpr std::string_view kNoPrice = "no price of its tokens is known";

std::optional<double> quotient(std::optional<double> of, std::optional<double> by) {
  if (!of || !by || *by <= 0) return std::nullopt;
  return *of / *by;
}

void divide(const Work& work, Revaluation& value) {
  value.usd_per_mtok = quotient(value.usd, units_of(work, Per::kMtok));
  value.usd_per_correct = quotient(value.usd, units_of(work, Per::kCorrect));
  value.energy_share = quotient(value.energy_usd, value.usd);
}

double hours_paid(const Work& work, const MachineRates& rates) {
  return *work.machine_hours / rates.utilisation;
}

/// USD of electricity beyond the rent, or why nobody knows.
struct Electricity {
  std::optional<double> usd;
  std::string_view unknown;
};

Electricity electricity_of(const Work& work, const MachineRates& rates) {
  if (rates.electricity_usd_per_kwh == 0) return {0, {}};
  if (!work.joules) return {{}, kNoJoules};
  const double idle_hours = hours_paid(work, rates) - *work.machine_hours;
  if (idle_hours > 0 && !work.idle_w) return {{}, kNoIdlePower};
  const double joules = *work.joules + work.idle_w.value_or(0) * idle_hours * 3600;
  return {joules / kJoulesPerKwh * rates.pue * rates.electricity_usd_per_kwh, {}};
}

}  // namespace

Revaluation revalue(const Work& work, const MachineRates& rates) {
  assert(rates.utilisation > 0 && rates.utilisation <= 1 && rates.pue >= 1);
  Revaluation value;
  if (!work.machine_hours) {
    value.unknown = kNoMachine;
    return value;
  }
  const double hours = hours_paid(work, rates);
  if (work.right > 0) {
    value.machine_hours_per_million_correct = hours / work.right * kMillion;
    value.gpu_hours_per_million_correct = *value.machine_hours_per_million_correct * work.gpus;
  }
  const Electricity electricity = electricity_of(work, rates);
  value.unknown = rates.usd_per_hour ? electricity.unknown : kNoRent;
  if (!value.unknown.empty()) return value;
  value.energy_usd = electricity.usd;
  value.usd = *rates.usd_per_hour * hours + *electricity.usd;
  divide(work, value);
  return value;
}

Revaluation revalue(const Work& work, const TokenRates& rates) {
  Revaluation value;
  if (!work.input_tokens || !work.output_tokens) {
    value.unknown = kNoCounts;
    return value;
  }
  // Tokens that there are none of need no price.
  const bool known = (rates.usd_per_mtok_input || *work.input_tokens == 0) &&
                     (rates.usd_per_mtok_output || *work.output_tokens == 0);
  if (!known) {
    value.unknown = kNoPrice;
    return value;
  }
  value.usd = (*work.input_tokens * rates.usd_per_mtok_input.value_or(0) +
               *work.output_tokens * rates.usd_per_mtok_output.value_or(0)) /
              kMillion;
  divide(work, value);
  return value;
}

std::optional<double> units_of(const Work& work, Per per) {
  if (per == Per::kCorrect) return work.right > 0 ? std::optional(work.right) : std::nullopt;
  if (!work.input_tokens || !work.output_tokens) return std::nullopt;
  const double tokens = *work.input_tokens + *work.output_tokens;
  return tokens > 0 ? std::optional(tokens / kMillion) : std::nullopt;
}

std::optional<double> usd_per(const Revaluation& value, Per per) {
  return per == Per::kMtok ? value.usd_per_mtok : value.usd_per_correct;
}

std::optional<double> breakeven_rent(const Work& work, const MachineRates& rates, Per per,
                                     double usd_per_unit) {
  const auto units = units_of(work, per);
  if (!units || !work.machine_hours || *work.machine_hours <= 0) return std::nullopt;
  const Electricity electricity = electricity_of(work, rates);
  if (!electricity.usd) return std::nullopt;
  const double rent = (usd_per_unit * *units - *electricity.usd) / hours_paid(work, rates);
  return rent > 0 ? std::optional(rent) : std::nullopt;
}

std::optional<double> usd_at_load(std::span<const LoadPoint> line, double in_flight) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    const LoadPoint& after = line[i];
    if (in_flight == after.in_flight) return after.usd;
    if (in_flight > after.in_flight) continue;
    if (i == 0) return std::nullopt;
    const LoadPoint& before = line[i - 1];
    const double share =
        std::log(in_flight / before.in_flight) / std::log(after.in_flight / before.in_flight);
    return before.usd * std::pow(after.usd / before.usd, share);
  }
  return std::nullopt;
}

std::vector<double> load_crossings(std::span<const LoadPoint> a, std::span<const LoadPoint> b) {
  std::vector<double> found;
  if (a.empty() || b.empty()) return found;
  const double from = std::max(a.front().in_flight, b.front().in_flight);
  const double to = std::min(a.back().in_flight, b.back().in_flight);
  std::vector<double> loads;  // Where either line bends.
  for (const auto& line : {a, b}) {
    for (const auto& point : line) {
      if (point.in_flight >= from && point.in_flight <= to) loads.push_back(point.in_flight);
    }
  }
  std::sort(loads.begin(), loads.end());
  loads.erase(std::unique(loads.begin(), loads.end()), loads.end());
  const auto gap = [&](double load) {
    return std::log(*usd_at_load(a, load) / *usd_at_load(b, load));
  };
  double side = loads.empty() ? 0 : gap(loads.front());
  for (std::size_t i = 1; i < loads.size(); ++i) {
    const double before = gap(loads[i - 1]);  // 0 where they meet at a bend.
    const double after = gap(loads[i]);
    if (side * after < 0) {
      const double share = before / (before - after);
      found.push_back(loads[i - 1] * std::pow(loads[i] / loads[i - 1], share));
    }
    if (after != 0) side = after;
  }
  return found;
}

}  // namespace pingjia::harness

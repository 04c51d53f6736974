#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace pingjia::harness {

/// What a row of a run took and gave: all that its cost is made of, whatever the prices.
struct Work {
  std::optional<double> input_tokens;  ///< Of every attempt, cached ones included.
  std::optional<double> output_tokens;
  double right = 0;                     ///< Right answers.
  std::optional<double> machine_hours;  ///< Serving; nothing: no machine of ours.
  int gpus = 0;                         ///< Of the machine.
  std::optional<double> joules;         ///< Of what was metered, while serving.
  std::optional<double> idle_w;         ///< Of the same devices, idle.
};

/// A machine by the hour.
struct MachineRates {
  std::optional<double> usd_per_hour;  ///< Of the whole machine; nothing: nobody said.
  /// On top of the rent: 0 where the rent includes it.
  double electricity_usd_per_kwh = 0;
  double pue = 1;  ///< Facility over machine energy, >= 1.
  /// Share of the hours paid for that go by as the run's did, in (0, 1]. The summary pays for the
  /// serving window alone: 1.
  double utilisation = 1;
};

/// An API by the token. Input is the mean of fresh and cached tokens, as the run had them.
struct TokenRates {
  std::optional<double> usd_per_mtok_input;
  std::optional<double> usd_per_mtok_output;
};

/// A row's figures at other prices. What is not known is empty, and `unknown` says why.
struct Revaluation {
  std::optional<double> usd;
  std::optional<double> energy_usd;  ///< Of `usd`; machines only.
  std::optional<double> energy_share;
  std::optional<double> usd_per_mtok;  ///< Input and output together.
  std::optional<double> usd_per_correct;
  /// Hours paid for, in which idle ones count.
  std::optional<double> machine_hours_per_million_correct;
  std::optional<double> gpu_hours_per_million_correct;
  std::string_view unknown;  ///< Of `usd`; empty where it is known.
};

/// hours = serving hours / utilisation;
/// usd = rent · hours + (joules + idle W · idle hours) · PUE · price of a kWh.
/// With no electricity and utilisation 1 it is the cost that a summary has: rate x serving window.
Revaluation revalue(const Work& work, const MachineRates& rates);

/// usd = input tokens · input price + output tokens · output price.
Revaluation revalue(const Work& work, const TokenRates& rates);

/// What a cost is divided by.
enum class Per { kMtok, kCorrect };
/// Million tokens or right answers; nothing where there are none, or nobody counted.
std::optional<double> units_of(const Work& work, Per per);
/// usd_per_mtok or usd_per_correct.
std::optional<double> usd_per(const Revaluation& value, Per per);

/// The rent in USD per hour at which the machine's unit costs `usd_per_unit`:
/// (usd_per_unit · units − energy) / hours paid for. Below it the machine is the cheaper.
/// Nothing where it is unknown, or where energy alone costs more.
std::optional<double> breakeven_rent(const Work& work, const MachineRates& rates, Per per,
                                     double usd_per_unit);

/// What a unit cost at one load.
struct LoadPoint {
  double in_flight = 0;  ///< > 0, likewise `usd`.
  double usd = 0;
};

/// Between measured loads a line is straight on log axes: an estimate. Nothing outside of them, or
/// of no line. The points rise in load.
std::optional<double> usd_at_load(std::span<const LoadPoint> line, double in_flight);

/// Loads at which two such lines cross, rising; only where both were measured. Where they run
/// together there is no crossing.
std::vector<double> load_crossings(std::span<const LoadPoint> a, std::span<const LoadPoint> b);

}  // namespace pingjia::harness

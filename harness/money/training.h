#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/money/assumption.h"

namespace pingjia::harness {

/// A part of a training run.
struct TrainingStage {
  std::string name;
  double gpu_hours = 0;
};

/// "2.788M" as one stage, or "pretraining=2664k,context=119k". Throws Error naming `where`.
std::vector<TrainingStage> parse_stages(std::string_view text, const std::string& where);

/// Floating-point operations of training: 6 per active parameter and token.
double training_flop(double active_params, double tokens);
/// Operations a second that each GPU did, by that rule; over its peak it is the model FLOPs
/// utilisation (MFU).
double achieved_flops(double active_params, double tokens, double gpu_hours);
/// GPU-hours at a peak (FLOP/s) and an MFU.
double training_gpu_hours(double active_params, double tokens, double peak_flops, double mfu);

/// kWh of GPUs at so many watts, without the rest of the server or the site.
double gpu_energy_kwh(double gpu_hours, double watts);

/// What an hour of an own training cluster costs, as Epoch reckons it: the card's price falls by
/// 0.14 orders of magnitude a year, so that an hour takes 0.14 ln 10 / 8766 of it; interconnect is
/// 19 % of the cluster; energy is TDP x server factor x mean load x PUE x electricity price
/// (epoch-research/training-cost-trends, cost_analysis_standalone.py).
struct AmortisedHour {
  double card_usd = 0;
  double interconnect_usd = 0;
  double energy_usd = 0;
  double total() const { return card_usd + interconnect_usd + energy_usd; }
};
struct ClusterInput {
  double card_usd = 0;  ///< Purchase, with its share of the server.
  double watts = 0;     ///< TDP.
  double orders_per_year = 0.14;
  double interconnect_share = 0.19;
  double server_factor = 1.82;
  double mean_load = 0.75;
  double pue = 1.25;
  double usd_per_kwh = 0.0826;
};
AmortisedHour amortised_hour(const ClusterInput& cluster);

/// The model's life must earn back its training: net profit a month, cost over months.
double monthly_profit_needed(double cost_usd, double life_months);

struct TrainingCost {
  std::vector<TrainingStage> stages;
  double gpu_hours = 0;
  double usd_per_gpu_hour = 0;
  std::optional<AmortisedHour> amortised;  ///< Where the rate comes from a purchase.
  double rented_usd = 0;                   ///< GPU-hours x rate.
  double total_usd = 0;                    ///< Times the research multiplier.
  double monthly_usd = 0;                  ///< Profit needed at the middle of the life's range.
  std::optional<double> flops_per_gpu;     ///< FLOP/s of each GPU in the first stage.
  std::optional<double> mfu;               ///< Of the peak; above 1 the inputs contradict.
  std::optional<double> energy_kwh;        ///< GPUs alone, at TDP.
  /// USD per GPU-hour that a published cost of the same run comes to.
  std::optional<double> published_usd_per_gpu_hour;
};

/// What `pingjia cost training` asks for, beside the stages.
std::span<const AssumptionKind> training_kinds();
/// `stages` sum to the input "gpu-hours". Throws Error for an input that is missing.
TrainingCost training_cost(const Assumptions& assumptions,
                           const std::vector<TrainingStage>& stages);

}  // namespace pingjia::harness

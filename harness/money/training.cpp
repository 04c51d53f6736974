#include "harness/money/training.h"

#include <fmt/format.h>

#include <array>
#include <numbers>

#include "harness/base/error.h"

namespace pingjia::harness {

namespace {

constexpr std::string_view kOwnAssumption = "no source: put your own";
constexpr std::string_view kEpoch = "epoch-research/training-cost-trends 263c40a1";
constexpr std::string_view kEpochDate = "2026-04-01";
constexpr double kHoursPerYear = 8766;

constexpr std::array<AssumptionKind, 16> kKinds{{
    {"gpu-hours", "GPU-hours", "of the whole run", "", "", ""},
    {"gpu-hour", "USD/GPU-hour", "what a GPU costs an hour", "", "", ""},
    {"purchase", "USD", "of a card with its share of the server, in place of --gpu-hour", "", "",
     ""},
    {"research", "times", "all compute over this run: failed runs, ablations", "1..1..3",
     kOwnAssumption, "", 1, 1000},
    {"life", "months", "until a better model takes its place", "3..6", kOwnAssumption, "", 0.1,
     600},
    {"active-params", "parameters", "that a token goes through; for the FLOPs", "", "", ""},
    {"tokens", "tokens", "of the first stage; for the FLOPs", "", "", ""},
    {"peak-tflops", "TFLOP/s", "dense, of one GPU in the format used; for the FLOPs", "", "", ""},
    {"watts", "W", "TDP of a GPU; for its energy", "", "", ""},
    {"published-cost", "USD", "what someone says the run cost; for the rate it implies", "", "",
     ""},
    {"orders-per-year", "orders/year", "how fast a card of the same price gets better", "0.14",
     kEpoch, kEpochDate},
    {"interconnect", "share", "of the cluster's price", "0.19", kEpoch, kEpochDate, 0, 0.9},
    {"server-factor", "times", "power of a server over its GPUs' TDP (A100 2.03)", "1.82", kEpoch,
     kEpochDate, 1, 10},
    {"mean-load", "share", "mean power over the most", "0.75", kEpoch, kEpochDate, 0, 1},
    {"pue", "times", "energy of the site over that of the machines (hyperscale 1.1)", "1.25",
     kEpoch, kEpochDate, 1, 10},
    {"electricity", "USD/kWh", "US industrial 2025", "0.0826", kEpoch, kEpochDate},
}};

ClusterInput cluster_from(const Assumptions& given) {
  return {given.at("purchase"),     given.at("watts"),         given.at("orders-per-year"),
          given.at("interconnect"), given.at("server-factor"), given.at("mean-load"),
          given.at("pue"),          given.at("electricity")};
}

void check_flops(const Assumptions& given, TrainingCost& cost) {
  if (!given.has("active-params") || !given.has("tokens")) return;
  const double hours = cost.stages.empty() ? cost.gpu_hours : cost.stages.front().gpu_hours;
  cost.flops_per_gpu = achieved_flops(given.at("active-params"), given.at("tokens"), hours);
  if (given.has("peak-tflops")) {
    cost.mfu = *cost.flops_per_gpu / (given.at("peak-tflops") * 1e12);
  }
}

}  // namespace

std::vector<TrainingStage> parse_stages(std::string_view text, const std::string& where) {
  std::vector<TrainingStage> stages;
  while (true) {
    const auto comma = text.find(',');
    std::string_view part = text.substr(0, comma);
    TrainingStage stage{"training", 0};
    if (const auto equals = part.find('='); equals != std::string_view::npos) {
      stage.name = std::string(part.substr(0, equals));
      part.remove_prefix(equals + 1);
    }
    const auto hours = parse_quantity(part);
    if (!hours || *hours <= 0 || stage.name.empty()) {
      throw Error(where, fmt::format("'{}' is no number of GPU-hours", part),
                  "give hours such as 2.788M, or pretraining=2664k,context=119k");
    }
    stage.gpu_hours = *hours;
    stages.push_back(std::move(stage));
    if (comma == std::string_view::npos) return stages;
    text.remove_prefix(comma + 1);
  }
}

double training_flop(double active_params, double tokens) {
  return 6 * active_params * tokens;
}

double achieved_flops(double active_params, double tokens, double gpu_hours) {
  return training_flop(active_params, tokens) / (gpu_hours * 3600);
}

double training_gpu_hours(double active_params, double tokens, double peak_flops, double mfu) {
  return training_flop(active_params, tokens) / (peak_flops * mfu * 3600);
}

double gpu_energy_kwh(double gpu_hours, double watts) {
  return gpu_hours * watts / 1000;
}

AmortisedHour amortised_hour(const ClusterInput& cluster) {
  AmortisedHour hour;
  hour.card_usd = cluster.card_usd * cluster.orders_per_year * std::numbers::ln10 / kHoursPerYear;
  hour.interconnect_usd =
      hour.card_usd * cluster.interconnect_share / (1 - cluster.interconnect_share);
  hour.energy_usd = cluster.watts / 1000 * cluster.server_factor * cluster.mean_load * cluster.pue *
                    cluster.usd_per_kwh;
  return hour;
}

double monthly_profit_needed(double cost_usd, double life_months) {
  return cost_usd / life_months;
}

std::span<const AssumptionKind> training_kinds() {
  return kKinds;
}

TrainingCost training_cost(const Assumptions& given, const std::vector<TrainingStage>& stages) {
  TrainingCost cost;
  cost.stages = stages;
  cost.gpu_hours = given.at("gpu-hours");
  if (cost.gpu_hours <= 0) {
    throw Error("--gpu-hours", "is 0", "give the GPU-hours of the run");
  }
  if (given.has("purchase") && !given.has("gpu-hour")) {
    cost.amortised = amortised_hour(cluster_from(given));
  }
  cost.usd_per_gpu_hour = cost.amortised ? cost.amortised->total() : given.at("gpu-hour");
  cost.rented_usd = cost.gpu_hours * cost.usd_per_gpu_hour;
  cost.total_usd = cost.rented_usd * given.at("research");
  cost.monthly_usd = monthly_profit_needed(cost.total_usd, given.at("life"));
  check_flops(given, cost);
  if (given.has("watts")) cost.energy_kwh = gpu_energy_kwh(cost.gpu_hours, given.at("watts"));
  if (given.has("published-cost")) {
    cost.published_usd_per_gpu_hour = given.at("published-cost") / cost.gpu_hours;
  }
  return cost;
}

}  // namespace pingjia::harness

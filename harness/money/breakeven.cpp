#include "harness/money/breakeven.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "harness/base/error.h"

namespace pingjia::harness {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSecondsPerMonth = kHoursPerMonth * 3600;
constexpr std::string_view kOwnAssumption = "no source: put your own";
constexpr std::string_view kEpoch = "epoch-research/training-cost-trends 263c40a1";
constexpr double kJoulesPerKwh = 3.6e6;

constexpr std::array<AssumptionKind, 16> kKinds{{
    {"price-input", "USD/Mtok", "API price of fresh input", "", "", ""},
    {"price-cached", "USD/Mtok", "API price of input read from its cache", "", "", ""},
    {"price-output", "USD/Mtok", "API price of output", "", "", ""},
    {"mix-input", "tokens", "fresh input of the workload, in proportion", "3",
     "3:1 rule of Artificial Analysis, as Epoch restates it", "2026-04-01"},
    {"mix-cached", "tokens", "input that the API reads from its cache, in proportion", "0",
     "3:1 rule of Artificial Analysis, as Epoch restates it", "2026-04-01"},
    {"mix-output", "tokens", "output, in proportion", "1",
     "3:1 rule of Artificial Analysis, as Epoch restates it", "2026-04-01"},
    {"gpu-hour", "USD/GPU-hour", "what a GPU costs an hour, rented or as an owned card's rate", "",
     "", ""},
    {"gpus-per-replica", "GPUs", "that serve one copy of the model; bought whole", "1",
     "one card serves the model", "", 1, 1e6, true},
    {"tokens-per-s", "tokens/s", "of a replica at full load, input and output", "", "", ""},
    {"utilisation", "share", "mean load that is planned for, of full load", "0.2..0.5..0.9",
     kOwnAssumption, "", 1e-6, 1},
    {"ops", "USD/month", "staff, hosting and network, whatever the volume", "0", kOwnAssumption,
     ""},
    {"joules-per-token", "J/token", "energy that owned cards add per token; 0 where rent pays it",
     "0", "rent includes it", ""},
    {"electricity", "USD/kWh", "price of that energy", "0.0826",
     "US industrial 2025, epoch-research/training-cost-trends 263c40a1", "2026-04-01"},
    {"pue", "times", "energy of the site over energy of the machines", "1.1..1.25..1.25",
     "hyperscale 1.1, else 1.25, epoch-research/training-cost-trends 263c40a1", "2026-04-01", 1,
     10},
    {"decay", "times/year", "how many times cheaper the API gets in a year", "9..50..900",
     "Epoch: 9 to 900 a year for a fixed capability, median 50", "2026-04-01", 1, 1e6},
    {"months", "months", "how long own GPUs are committed to", "12", kOwnAssumption, "", 0.1, 600},
}};

}  // namespace

double blended_price(std::span<const PricedShare> shares) {
  double sum = 0;
  double weight = 0;
  for (const auto& share : shares) {
    sum += share.usd_per_mtok * share.weight;
    weight += share.weight;
  }
  assert(weight > 0);
  return sum / weight;
}

double usd_per_mtok(double usd_per_hour, double tokens_per_s) {
  return usd_per_hour / (tokens_per_s * 3600) * 1e6;
}

double markup(double revenue, double cost) {
  return revenue / cost - 1;
}

double gross_margin(double revenue, double cost) {
  return 1 - cost / revenue;
}

double machines_for(double tokens, double seconds, double tokens_per_s) {
  return tokens / seconds / tokens_per_s;
}

double Breakeven::replica_tokens() const {
  return tokens_per_s * utilisation * kSecondsPerMonth;
}

double Breakeven::replica_usd_per_month() const {
  return gpus_per_replica * gpu_usd_per_hour * kHoursPerMonth;
}

double Breakeven::replicas(double tokens_per_month) const {
  return std::max(1.0, std::ceil(tokens_per_month / replica_tokens()));
}

double Breakeven::own_usd_per_month(double tokens_per_month) const {
  return ops_usd_per_month + replicas(tokens_per_month) * replica_usd_per_month() +
         tokens_per_month * usd_per_mtok_marginal / 1e6;
}

double Breakeven::api_usd_per_month(double tokens_per_month) const {
  return tokens_per_month * api_usd_per_mtok / 1e6;
}

double Breakeven::breakeven_price(double tokens_per_month) const {
  return own_usd_per_month(tokens_per_month) / tokens_per_month * 1e6;
}

double Breakeven::full_load_price() const {
  return usd_per_mtok(gpus_per_replica * gpu_usd_per_hour, tokens_per_s) + usd_per_mtok_marginal;
}

double Breakeven::planned_price() const {
  return usd_per_mtok(gpus_per_replica * gpu_usd_per_hour, tokens_per_s * utilisation) +
         usd_per_mtok_marginal;
}

double Breakeven::breakeven_utilisation() const {
  const double earned = api_usd_per_mtok - usd_per_mtok_marginal;
  return earned > 0 ? (full_load_price() - usd_per_mtok_marginal) / earned : kInfinity;
}

std::vector<Crossing> crossings(const Breakeven& breakeven, std::size_t most) {
  std::vector<Crossing> found;
  const double slope = (breakeven.api_usd_per_mtok - breakeven.usd_per_mtok_marginal) / 1e6;
  const double step = breakeven.replica_usd_per_month();
  const double width = breakeven.replica_tokens();
  // A replica at its planned load costs no less than the API: neither do many.
  if (slope * width <= step) return found;
  const auto add = [&](double volume, bool own, double replicas) {
    const double own_usd = breakeven.ops_usd_per_month + replicas * step +
                           volume * breakeven.usd_per_mtok_marginal / 1e6;
    found.push_back({volume, own, replicas * breakeven.gpus_per_replica,
                     volume / (replicas * breakeven.tokens_per_s * kSecondsPerMonth), own_usd,
                     volume > 0 ? own_usd / volume * 1e6 : kInfinity});
  };
  // From this step on, the whole step is own's.
  const double last = (breakeven.ops_usd_per_month + step) / (slope * width - step);
  // Before this one, no step reaches a tie.
  const double first = std::floor(breakeven.ops_usd_per_month / (slope * width - step));
  bool own = false;
  for (double replicas = std::max(1.0, first); found.size() < most; ++replicas) {
    const double begin = (replicas - 1) * width;
    const double tie = (breakeven.ops_usd_per_month + replicas * step) / slope;
    if (own && tie > begin) {
      add(begin, false, replicas);
      own = false;
    }
    if (!own && tie < replicas * width && found.size() < most) {
      add(std::max(tie, begin), true, replicas);
      own = true;
    }
    if (own && replicas > last) break;
  }
  return found;
}

double final_crossing(std::span<const Crossing> crossings) {
  return crossings.empty() || !crossings.back().own_is_cheaper_above
             ? kInfinity
             : crossings.back().tokens_per_month;
}

double first_crossing(std::span<const Crossing> crossings) {
  return crossings.empty() ? kInfinity : crossings.front().tokens_per_month;
}

double falling_price(double price, double fold, double months) {
  return price * std::pow(fold, -months / 12);
}

double mean_falling_price(double price, double fold, double months) {
  if (fold == 1) return price;
  const double exponent = months / 12 * std::log(fold);
  return price * -std::expm1(-exponent) / exponent;
}

std::optional<double> months_until(double price, double target, double fold) {
  if (price <= target) return 0;
  if (fold <= 1 || target <= 0) return std::nullopt;
  return 12 * std::log(price / target) / std::log(fold);
}

std::span<const AssumptionKind> breakeven_kinds() {
  return kKinds;
}

Breakeven breakeven_from(const Assumptions& given) {
  const double cached = given.at("mix-cached");
  const std::array<PricedShare, 3> shares{{{given.at("price-input"), given.at("mix-input")},
                                           {cached > 0 ? given.at("price-cached") : 0, cached},
                                           {given.at("price-output"), given.at("mix-output")}}};
  if (given.at("mix-input") + cached + given.at("mix-output") <= 0) {
    throw Error("--mix-output", "leaves a workload without tokens", "give a mix above 0");
  }
  Breakeven breakeven;
  breakeven.api_usd_per_mtok = blended_price(shares);
  breakeven.gpu_usd_per_hour = given.at("gpu-hour");
  breakeven.gpus_per_replica = given.at("gpus-per-replica");
  breakeven.tokens_per_s = given.at("tokens-per-s");
  if (breakeven.tokens_per_s <= 0) {
    throw Error("--tokens-per-s", "is 0", "give what a replica does at full load");
  }
  breakeven.utilisation = given.at("utilisation");
  breakeven.ops_usd_per_month = given.at("ops");
  breakeven.usd_per_mtok_marginal = given.at("joules-per-token") / kJoulesPerKwh * 1e6 *
                                    given.at("pue") * given.at("electricity");
  return breakeven;
}

}  // namespace pingjia::harness

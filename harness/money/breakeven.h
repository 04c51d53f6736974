#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "harness/money/assumption.h"

namespace pingjia::harness {

/// Hours of a month, 8760 / 12; its seconds are 2.628 million.
inline constexpr double kHoursPerMonth = 730;

/// A mean price of unlike tokens, USD per million: sum of price x weight over the sum of weights,
/// such as fresh input 3 and output 1.
struct PricedShare {
  double usd_per_mtok = 0;
  double weight = 0;
};
double blended_price(std::span<const PricedShare> shares);

/// USD per million tokens of what costs so much an hour and does so many tokens a second.
double usd_per_mtok(double usd_per_hour, double tokens_per_s);

/// Profit over cost, and profit over revenue: two shares that are often mixed up.
double markup(double revenue, double cost);
double gross_margin(double revenue, double cost);

/// How many machines (need not be whole) do `tokens` in `seconds`.
double machines_for(double tokens, double seconds, double tokens_per_s);

/// One's own GPUs against an API, at a steady monthly volume. GPUs are whole, and come in replicas
/// of so many that serve one copy of the model.
struct Breakeven {
  double api_usd_per_mtok = 0;  ///< Blended as the workload is.
  double gpu_usd_per_hour = 0;
  double gpus_per_replica = 1;
  double tokens_per_s = 0;  ///< Of a replica at full load, input and output.
  double utilisation = 1;   ///< The highest mean load that it is planned for, of full load.
  double ops_usd_per_month = 0;
  double usd_per_mtok_marginal = 0;  ///< What each token adds: energy of cards that are owned.

  /// Tokens a month that one replica is planned for.
  double replica_tokens() const;
  double replica_usd_per_month() const;
  /// ceil(volume / replica_tokens), at least one.
  double replicas(double tokens_per_month) const;
  double own_usd_per_month(double tokens_per_month) const;
  double api_usd_per_month(double tokens_per_month) const;
  /// The API price at which both cost the same at this volume, USD per million tokens.
  double breakeven_price(double tokens_per_month) const;
  /// Own cost per million tokens with every replica at full load, and at its planned load.
  double full_load_price() const;
  double planned_price() const;
  /// The share of full load at which a replica earns what it costs at the API's price: cost over
  /// revenue at full load. Above 1 it never does.
  double breakeven_utilisation() const;
};

/// A volume at which the cheaper side changes.
struct Crossing {
  double tokens_per_month = 0;
  bool own_is_cheaper_above = false;  ///< Else one more replica makes the API cheaper again.
  double gpus = 0;                    ///< Just above it.
  double utilisation = 0;             ///< Of those GPUs, of full load.
  double own_usd_per_month = 0;       ///< Just above it.
  double tie_usd_per_mtok = 0;        ///< API price that ties just above it.
};

/// Every crossing of the staircase, rising, at most `most` of them; empty where own GPUs are never
/// cheaper. Own cost is constant (plus the marginal cost) on each step, the API's is a line through
/// zero, so that each step has at most one crossing inside and one at its end.
std::vector<Crossing> crossings(const Breakeven& breakeven, std::size_t most = 10'000);

/// The volume from which own GPUs are cheaper whatever is added; infinite where there is none.
double final_crossing(std::span<const Crossing> crossings);
/// The first volume at which they are.
double first_crossing(std::span<const Crossing> crossings);

/// A price that falls `fold` times a year: after `months`, and its mean over them.
double falling_price(double price, double fold, double months);
double mean_falling_price(double price, double fold, double months);
/// Months until it has fallen to `target`; nothing where it never does, 0 where it stands below.
std::optional<double> months_until(double price, double target, double fold);

/// What `pingjia cost breakeven` asks for.
std::span<const AssumptionKind> breakeven_kinds();
/// Throws Error for an input that is missing.
Breakeven breakeven_from(const Assumptions& assumptions);

}  // namespace pingjia::harness

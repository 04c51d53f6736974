#pragma once

#include "harness/money/picodollars.h"

namespace pingjia::harness {

/// A GPU of a training cluster, written off as hardware of its kind loses value: by a factor of
/// ten in 1/0.14 years (Epoch AI, training-cost-trends, cost_analysis_standalone.py, 2026-04-01).
struct AmortisedServer {
  Money gpu_price;  ///< Its share of a server.
  double orders_of_magnitude_a_year = 0.14;
  double interconnect_share = 0.19;  ///< Of the cluster's price; below 1.
  double tdp_w = 0;
  double server_factor = 1.82;  ///< Server power over its GPUs' TDP (A100: 2.03).
  double load = 0.75;           ///< Average over peak power.
  double pue = 1.25;            ///< 1.1 of a hyperscaler.
  Money electricity_per_kwh;
};

/// What an hour of it costs.
struct AmortisedRate {
  Money gpu;           ///< price · rate · ln 10 / 8766
  Money interconnect;  ///< The same of its share of the cluster.
  Money energy;
  Money per_hour() const { return gpu + interconnect + energy; }
};

AmortisedRate rate_of(const AmortisedServer& server);

}  // namespace pingjia::harness

#pragma once

#include "harness/money/picodollars.h"

namespace pingjia::harness {

/// What owning a card takes. Decimals are read as the shortest text that gives the double, so that
/// 0.08 is exactly eight hundredths.
struct OwnedCard {
  Money purchase;             ///< The card.
  Money host_share;           ///< Its part of mainboard, power supply, rack, switch.
  Money residual;             ///< What both are sold for at the end.
  double interest = 0.08;     ///< A year; 0 is allowed.
  double years = 3;           ///< Kept, > 0.
  double active_w = 0;        ///< At the wall while it works.
  double idle_w = 0;          ///< At the wall while it does not.
  double pue = 1;             ///< Facility over machine energy, >= 1.
  Money electricity_per_kwh;  ///< USD per kWh.
  double utilisation = 1;     ///< Share of its life that it works, in (0, 1].
  Money operations_per_year;  ///< Space, licences, people.
};

/// What an hour of it costs.
struct OwnedRate {
  Money capital;  ///< [P·CRF(r, n) − R·r/((1+r)^n − 1)] / 8760, P with the host's share.
  Money energy;   ///< [u·active + (1−u)·idle] · PUE · electricity.
  Money operations;
  Money per_hour;         ///< The sum: of every hour that it is owned, working or not.
  Money per_active_hour;  ///< per_hour / u: what an hour of work must carry.
};

/// CRF(r, n) = r(1+r)^n / ((1+r)^n − 1); 1/n without interest.
double capital_recovery_factor(double interest, double years);

/// The owned-card model (research/cost.md §2.2, after inferecon.com/assumptions, 2026-04-18), in
/// 50 decimal digits, rounded to the picodollar. Asserts its ranges: whoever reads them checks.
OwnedRate rate_of(const OwnedCard& card);

}  // namespace pingjia::harness

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/stats/interval.h"

namespace pingjia::harness {

/// How resamples are drawn. The same options and data give the same interval on every platform.
struct BootstrapOptions {
  std::uint64_t seed = 0;
  std::string stream = "bootstrap";  ///< Named stream of the seed.
  int resamples = 2000;
  double confidence = 0.95;
  /// More units than this are first summed into this many groups, at random: group sums are as
  /// independent as the units, and 100,000 units then cost no more than 2,000.
  std::size_t most_units = 2000;
};

/// Whether a ratio can be given a number.
enum class RatioState {
  kDefined,
  /// A denominator's mean cannot be told from zero at the confidence asked for: its square is at
  /// most t^2 times its variance, where Fieller's interval of the ratio has no bound (Fieller,
  /// JRSS B 16, 1954, 175-185). Of right answers: about three or fewer.
  kDenominatorNearZero,
};

struct Bootstrap {
  double estimate = 0;  ///< Of the data; NaN where the state is not kDefined.
  Interval interval;    ///< An end is infinite where resamples without a denominator reach it, and
                        ///< both are where the state is not kDefined.
  std::string method;   ///< "BCa", "percentile" where BCa is not defined, "none" without a number.
  RatioState state = RatioState::kDefined;

  bool defined() const { return state == RatioState::kDefined; }
};

/// Interval of sum(numerator) / sum(denominator) over independent units, drawn with replacement.
/// A unit is what is independent of the others: where observations hang together, sum them by
/// cluster first. Bias-corrected and accelerated (Efron 1987; formulas as in Efron and Tibshirani
/// 1993, 14.3, ties counted by half). Denominators must not be negative. One unit or more.
Bootstrap bootstrap_ratio(std::span<const double> numerator, std::span<const double> denominator,
                          const BootstrapOptions& options);

/// Two systems on the same units, unit i of both drawn together.
struct PairedUnits {
  std::span<const double> numerator_a;
  std::span<const double> denominator_a;
  std::span<const double> numerator_b;
  std::span<const double> denominator_b;
};

/// Interval of the ratio a / b of the two ratios: how many times a costs what b costs.
Bootstrap bootstrap_ratio_of_ratios(const PairedUnits& units, const BootstrapOptions& options);

/// Interval of the difference a - b of the two ratios.
Bootstrap bootstrap_difference(const PairedUnits& units, const BootstrapOptions& options);

/// The interval BCa takes from a sorted bootstrap distribution, given the estimate and the
/// jackknife values (one left out each). Empty jackknife, or one without spread: percentile.
Bootstrap bca(std::span<const double> sorted, double estimate, std::span<const double> jackknife,
              double confidence);

}  // namespace pingjia::harness

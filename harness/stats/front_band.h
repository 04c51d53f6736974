#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pingjia::harness {

/// Something for sale whose price and quality are only known within 95 % intervals.
struct UncertainOffer {
  std::string name;                 ///< Of its random stream.
  double price = 0;                 ///< > 0.
  std::optional<double> price_low;  ///< No bounds: taken as exact.
  std::optional<double> price_high;
  double quality = 0;  ///< A share, within [0, 1].
  std::optional<double> quality_low;
  std::optional<double> quality_high;
};

/// What a price buys at best: 95 % of the resampled fronts. No `low`: in more than one of forty
/// nothing costs so little; no `high`: in nearly all of them.
struct FrontBand {
  double price = 0;
  std::optional<double> low;
  std::optional<double> high;
};

/// The Pareto staircase (the highest quality among offers that cost no more) under a parametric
/// bootstrap: each draw moves every offer's quality, and its price on a log scale, by a normal
/// deviate with the half-interval of its side over 1.96; the band holds the 2.5th and 97.5th
/// percentile of the draws' staircases at each of `prices`. Offers are drawn independently, each
/// from its own stream, so that one more moves no other's draws; that questions are shared between
/// systems, and that a price per right answer falls where quality rises, is left out. A highest of
/// uncertain values tends upward: where many are nearly equal the band stands above the staircase.
/// The same arguments give the same band on every platform.
std::vector<FrontBand> front_band(std::span<const UncertainOffer> offers,
                                  std::span<const double> prices, std::uint64_t seed,
                                  int draws = 1000);

}  // namespace pingjia::harness

#include "harness/stats/front_band.h"

#include <algorithm>
#include <cmath>

#include "harness/base/rng.h"

namespace pingjia::harness {

namespace {

constexpr double kNormal975 = 1.959963984540054;
constexpr double kNothing = -1;  // Below every quality: nothing costs so little.

struct Drawn {
  double price = 0;
  double quality = 0;
};

// How far a deviate moves a value whose 95 % interval ends at `low` and `high`.
double moved(double deviate, double value, const std::optional<double>& low,
             const std::optional<double>& high) {
  if (!low || !high) return value;
  const double half = deviate < 0 ? value - *low : *high - value;
  return value + std::max(half, 0.0) * deviate / kNormal975;
}

// A lower bound of zero has no logarithm: the upper side then stands for both.
double moved_price(double deviate, const UncertainOffer& offer) {
  if (!offer.price_low || !offer.price_high) return offer.price;
  const double middle = std::log(offer.price);
  const double high = std::log(*offer.price_high);
  const double low = *offer.price_low > 0 ? std::log(*offer.price_low) : 2 * middle - high;
  return std::exp(moved(deviate, middle, low, high));
}

std::vector<Drawn> draws_of(const UncertainOffer& offer, std::uint64_t seed, int draws) {
  Rng rng(seed, "front band " + offer.name);
  std::vector<Drawn> list;
  for (int i = 0; i < draws; ++i) {
    const double price = moved_price(rng.normal(), offer);
    const double quality =
        moved(rng.normal(), offer.quality, offer.quality_low, offer.quality_high);
    list.push_back({price, std::clamp(quality, 0.0, 1.0)});
  }
  return list;
}

// Each draw's best at that price, sorted.
std::vector<double> best_at(double price, const std::vector<std::vector<Drawn>>& drawn, int draws) {
  std::vector<double> best(static_cast<std::size_t>(draws), kNothing);
  for (const auto& offer : drawn) {
    for (std::size_t i = 0; i < best.size(); ++i) {
      if (offer[i].price <= price) best[i] = std::max(best[i], offer[i].quality);
    }
  }
  std::sort(best.begin(), best.end());
  return best;
}

// By nearest rank.
std::optional<double> percentile(const std::vector<double>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  const double value = sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
  return value == kNothing ? std::nullopt : std::optional(value);
}

}  // namespace

std::vector<FrontBand> front_band(std::span<const UncertainOffer> offers,
                                  std::span<const double> prices, std::uint64_t seed, int draws) {
  std::vector<std::vector<Drawn>> drawn;
  for (const auto& offer : offers) drawn.push_back(draws_of(offer, seed, draws));
  std::vector<FrontBand> band;
  for (const double price : prices) {
    const auto best = best_at(price, drawn, draws);
    band.push_back({price, percentile(best, 0.025), percentile(best, 0.975)});
  }
  return band;
}

}  // namespace pingjia::harness

#include "harness/stats/bootstrap.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <numeric>

#include "harness/base/rng.h"

namespace pingjia::harness {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Bootstrap without_number() {
  return {std::numeric_limits<double>::quiet_NaN(),
          {-kInfinity, kInfinity},
          "none",
          RatioState::kDenominatorNearZero};
}

// One unit's contribution to each of K sums.
template <std::size_t K>
using Sums = std::array<double, K>;

template <std::size_t K>
void add(Sums<K>& to, const Sums<K>& more) {
  for (std::size_t k = 0; k < K; ++k) to[k] += more[k];
}

// Random groups of units, dealt like cards so that their sizes differ by one at most.
template <std::size_t K>
std::vector<Sums<K>> grouped(std::vector<Sums<K>> units, const BootstrapOptions& options) {
  if (units.size() <= options.most_units) return units;
  Rng(options.seed, options.stream + "/groups").shuffle(units);
  std::vector<Sums<K>> groups(options.most_units, Sums<K>{});
  for (std::size_t i = 0; i < units.size(); ++i) add<K>(groups[i % groups.size()], units[i]);
  return groups;
}

template <std::size_t K>
Sums<K> resample(const std::vector<Sums<K>>& units, Rng& rng) {
  Sums<K> sums{};
  const auto n = static_cast<std::uint64_t>(units.size());
  // Two indices of one 64-bit draw by multiply and shift; below 2^16 units its bias is under 2e-5.
  for (std::uint64_t i = 0; i < n; i += 2) {
    const std::uint64_t drawn = rng.next();
    add<K>(sums, units[((drawn & 0xffffffffU) * n) >> 32]);
    if (i + 1 < n) add<K>(sums, units[((drawn >> 32) * n) >> 32]);
  }
  return sums;
}

// Fieller's g of one column: t^2 times the variance of its mean, over the square of its mean.
template <std::size_t K>
bool near_zero(const std::vector<Sums<K>>& units, std::size_t column, double confidence) {
  const auto n = static_cast<double>(units.size());
  double sum = 0;
  for (const auto& unit : units) sum += unit[column];
  const double mean = sum / n;
  if (units.size() < 2 || mean == 0) return mean == 0;
  double squares = 0;
  for (const auto& unit : units) squares += (unit[column] - mean) * (unit[column] - mean);
  const double critical = student_quantile(0.5 + confidence / 2, n - 1);
  return critical * critical * squares / (n - 1) / n >= mean * mean;
}

template <std::size_t K, class Statistic>
Bootstrap bootstrap(std::vector<Sums<K>> all, std::initializer_list<std::size_t> denominators,
                    Statistic statistic, const BootstrapOptions& options) {
  assert(!all.empty() && options.most_units < (1U << 16));
  const std::vector<Sums<K>> units = grouped<K>(std::move(all), options);
  for (const std::size_t column : denominators) {
    if (near_zero<K>(units, column, options.confidence)) return without_number();
  }
  Sums<K> total{};
  for (const auto& unit : units) add<K>(total, unit);

  Rng rng(options.seed, options.stream);
  std::vector<double> distribution(static_cast<std::size_t>(options.resamples));
  for (auto& value : distribution) value = statistic(resample<K>(units, rng));
  std::sort(distribution.begin(), distribution.end());

  std::vector<double> jackknife;
  jackknife.reserve(units.size());
  for (const auto& unit : units) {
    Sums<K> rest = total;
    for (std::size_t k = 0; k < K; ++k) rest[k] -= unit[k];
    jackknife.push_back(statistic(rest));
  }
  return bca(distribution, statistic(total), jackknife, options.confidence);
}

// What cannot be divided counts as infinite: a right answer that never comes.
double ratio(double numerator, double denominator) {
  return denominator > 0 ? numerator / denominator : kInfinity;
}

std::vector<Sums<4>> interleaved(const PairedUnits& units) {
  const std::size_t n = units.numerator_a.size();
  assert(units.denominator_a.size() == n && units.numerator_b.size() == n &&
         units.denominator_b.size() == n);
  std::vector<Sums<4>> rows(n);
  for (std::size_t i = 0; i < n; ++i) {
    rows[i] = {units.numerator_a[i], units.denominator_a[i], units.numerator_b[i],
               units.denominator_b[i]};
  }
  return rows;
}

// Linear interpolation in a sorted distribution whose upper end may be infinite.
double percentile(std::span<const double> sorted, double p) {
  const double position = p * static_cast<double>(sorted.size() - 1);
  const auto rank = std::min(static_cast<std::size_t>(position), sorted.size() - 1);
  const double fraction = position - static_cast<double>(rank);
  if (fraction == 0 || rank + 1 == sorted.size()) return sorted[rank];
  if (std::isinf(sorted[rank + 1])) return sorted[rank + 1];
  return sorted[rank] + fraction * (sorted[rank + 1] - sorted[rank]);
}

// A sixth of the skewness of the jackknife; nothing to correct by where it has no spread.
double acceleration(std::span<const double> jackknife) {
  if (jackknife.empty()) return kInfinity;
  const double mean = std::accumulate(jackknife.begin(), jackknife.end(), 0.0) /
                      static_cast<double>(jackknife.size());
  double squares = 0;
  double cubes = 0;
  for (const double value : jackknife) {
    const double difference = mean - value;
    squares += difference * difference;
    cubes += difference * difference * difference;
  }
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : kInfinity;
}

}  // namespace

Bootstrap bca(std::span<const double> sorted, double estimate, std::span<const double> jackknife,
              double confidence) {
  assert(!sorted.empty());
  const double tail = (1 - confidence) / 2;
  const auto [below, above] = std::equal_range(sorted.begin(), sorted.end(), estimate);
  const auto not_above = (below - sorted.begin()) + (above - sorted.begin());
  const double share = static_cast<double>(not_above) / (2 * static_cast<double>(sorted.size()));
  const double a = acceleration(jackknife);
  if (share <= 0 || share >= 1 || !std::isfinite(a)) {
    return {estimate,
            {percentile(sorted, tail), percentile(sorted, 1 - tail)},
            "percentile",
            RatioState::kDefined};
  }
  const double bias = normal_quantile(share);
  const auto level = [&](double p) {
    const double shifted = bias + normal_quantile(p);
    return normal_cdf(bias + shifted / (1 - a * shifted));
  };
  return {estimate,
          {percentile(sorted, level(tail)), percentile(sorted, level(1 - tail))},
          "BCa",
          RatioState::kDefined};
}

Bootstrap bootstrap_ratio(std::span<const double> numerator, std::span<const double> denominator,
                          const BootstrapOptions& options) {
  assert(numerator.size() == denominator.size());
  std::vector<Sums<2>> units(numerator.size());
  for (std::size_t i = 0; i < units.size(); ++i) units[i] = {numerator[i], denominator[i]};
  return bootstrap<2>(
      std::move(units), {1}, [](const Sums<2>& sums) { return ratio(sums[0], sums[1]); }, options);
}

Bootstrap bootstrap_ratio_of_ratios(const PairedUnits& units, const BootstrapOptions& options) {
  return bootstrap<4>(
      interleaved(units), {1, 2, 3},
      [](const Sums<4>& sums) { return ratio(sums[0] * sums[3], sums[1] * sums[2]); }, options);
}

Bootstrap bootstrap_difference(const PairedUnits& units, const BootstrapOptions& options) {
  return bootstrap<4>(
      interleaved(units), {1, 3},
      [](const Sums<4>& sums) {
        if (sums[1] <= 0 || sums[3] <= 0) return kInfinity;
        return sums[0] / sums[1] - sums[2] / sums[3];
      },
      options);
}

}  // namespace pingjia::harness

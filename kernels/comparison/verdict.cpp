#include "kernels/comparison/verdict.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/stats/quantile.h"

namespace pingjia::kernels {

namespace {

constexpr double kNormal95 = 1.959963984540054;
constexpr double kQnToDeviation = 2.2219;  // Of a normal distribution.
constexpr double kErrorOfQn = 0.78;        // Relative, times the root of the number of rows.
constexpr std::size_t kLeastRows = 8;

bool is_same(const LogRatio& ratio, const VerdictOptions& options) {
  return std::abs(ratio.value) + kNormal95 * ratio.error <= options.same_within;
}

double median(std::vector<double> values) {
  return harness::quantile(values, 0.5);
}

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kFast:
      return "FAST";
    case Verdict::kSlow:
      return "SLOW";
    case Verdict::kSame:
      return "SAME";
    case Verdict::kUnclear:
      break;
  }
  return "UNCLEAR";
}

std::optional<LogMedian> log_median(std::span<const float> samples) {
  std::vector<double> logs;
  for (const float sample : samples) logs.push_back(std::log(static_cast<double>(sample)));
  const auto interval = harness::quantile_interval(logs, 0.5);
  if (!interval) return std::nullopt;
  return LogMedian{harness::quantile(logs, 0.5),
                   (interval->high - interval->low) / (2 * kNormal95)};
}

harness::Interval LogRatio::ratio(double confidence) const {
  const double reach = harness::normal_quantile((1 + confidence) / 2) * error;
  return {std::exp(value - reach), std::exp(value + reach)};
}

double row_shift(std::span<const LogRatio> ratios) {
  const std::size_t n = ratios.size();
  if (n < kLeastRows) return 0;
  std::vector<double> apart;
  std::vector<double> variances;
  for (std::size_t i = 0; i < n; ++i) {
    variances.push_back(ratios[i].error * ratios[i].error);
    for (std::size_t j = 0; j < i; ++j)
      apart.push_back(std::abs(ratios[i].value - ratios[j].value));
  }
  const std::size_t half = n / 2 + 1;
  const auto rank = apart.begin() + static_cast<std::ptrdiff_t>(half * (half - 1) / 2 - 1);
  std::nth_element(apart.begin(), rank, apart.end());
  const auto rows = static_cast<double>(n);
  const double small = rows / (rows + (n % 2 == 0 ? 3.8 : 1.4));
  const double spread = kQnToDeviation * small * *rank * (1 + kErrorOfQn / std::sqrt(rows));
  return std::sqrt(std::max(0.0, spread * spread - median(variances)));
}

double p_of_change(const LogRatio& ratio, const VerdictOptions& options) {
  if (std::abs(ratio.gap) < options.minimum_effect) return 1;
  return 2 * harness::normal_cdf(-std::abs(ratio.gap) / ratio.error);
}

Verdict judge(const LogRatio& time, double adjusted_p, const std::optional<LogRatio>& cycles,
              const VerdictOptions& options) {
  if (adjusted_p <= options.alpha) {
    const Verdict changed = time.value > 0 ? Verdict::kSlow : Verdict::kFast;
    if (!cycles) return changed;
    const bool confirmed =
        p_of_change(*cycles, options) <= options.alpha && (cycles->value > 0) == (time.value > 0);
    if (confirmed) return changed;
    return is_same(*cycles, options) ? Verdict::kSame : Verdict::kUnclear;
  }
  return is_same(time, options) ? Verdict::kSame : Verdict::kUnclear;
}

}  // namespace pingjia::kernels

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/stats/interval.h"

namespace pingjia::harness {

/// No p99 is given from fewer samples: with 662 the second highest of them is above the true p99
/// with 99 % confidence (MLPerf's early-stopping rule; `min_samples(0.99, 0.99)`).
inline constexpr std::int64_t kMinSamplesForP99 = 662;

/// The fewest samples whose second highest bounds the quantile `q` with `confidence`: the
/// smallest n with P(Binomial(n, 1 - q) <= 1) <= 1 - confidence.
std::int64_t min_samples(double q, double confidence);

/// The quantile 0 <= q <= 1 by linear interpolation between order statistics, position q(n - 1)
/// (NumPy's default, Hyndman and Fan's type 7, as vLLM, SGLang and AIPerf report). `values` must
/// not be empty and is reordered.
double quantile(std::span<double> values, double q);

/// Distribution-free interval of a quantile from order statistics: ranks of the binomial
/// distribution (Hahn and Meeker 1991, 5.2), at least `confidence`. Nothing when there are too few
/// samples for one. `values` is reordered.
std::optional<Interval> quantile_interval(std::span<double> values, double q,
                                          double confidence = 0.95);

}  // namespace pingjia::harness

#pragma once

#include <cstdint>
#include <span>

#include "harness/stats/interval.h"

namespace pingjia::harness {

/// Mean of observations of which those of one cluster are not independent.
struct ClusteredMean {
  double mean = 0;
  double standard_error = 0;  ///< 0 with one cluster, where it cannot be known.
  std::int64_t clusters = 0;
};

/// Cluster-robust standard error (Liang and Zeger 1986), with the factor G/(G - 1):
/// sqrt(G/(G-1) * sum over clusters of (sum of residuals)^2) / n. Clusters of one give s/sqrt(n).
/// `values` and `clusters` have one length, at least 1.
ClusteredMean clustered_mean(std::span<const double> values,
                             std::span<const std::int64_t> clusters);

/// Interval of a proportion from clustered right (1) and wrong (0) marks: Wilson's interval at the
/// effective sample size p(1-p)/error^2 (never above n; the number of clusters at 0 and 1), with
/// Student's t at G - 1 degrees of freedom (after Korn and Graubard 1998). One cluster: [0, 1].
Interval clustered_proportion(std::span<const double> values,
                              std::span<const std::int64_t> clusters, double confidence = 0.95);

}  // namespace pingjia::harness

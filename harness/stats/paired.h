#pragma once

#include <cstdint>
#include <span>

#include "harness/stats/interval.h"

namespace pingjia::harness {

/// Right and wrong of two systems on the same questions.
struct PairedCounts {
  std::int64_t both_right = 0;
  std::int64_t only_a = 0;  ///< a right, b wrong.
  std::int64_t only_b = 0;
  std::int64_t both_wrong = 0;

  std::int64_t total() const { return both_right + only_a + only_b + both_wrong; }
};

/// McNemar's exact two-sided p value: the binomial test of only_a against only_b at one half. 1
/// where nothing differs.
double mcnemar_exact(const PairedCounts& counts);

/// Interval of accuracy(a) - accuracy(b) by Newcombe's method 10 (Statistics in Medicine 17, 1998,
/// 2635-2650): Wilson's interval carried to paired data, with width even where nothing differs.
Interval newcombe_paired(const PairedCounts& counts, double confidence = 0.95);

/// Mean of paired differences with Student's t interval on the clustered standard error.
struct PairedDifference {
  double difference = 0;  ///< mean(a) - mean(b)
  double standard_error = 0;
  Interval interval;
};

/// `a`, `b` and `clusters` have one length, at least 2 clusters; a cluster is a number shared by
/// observations that are not independent. Clusters of one give the paired t test.
PairedDifference paired_difference(std::span<const double> a, std::span<const double> b,
                                   std::span<const std::int64_t> clusters,
                                   double confidence = 0.95);

/// The smallest true difference that a two-sided test at `alpha` finds with probability `power`,
/// given the standard error of the difference: (z(1 - alpha/2) + z(power)) * error.
double minimum_detectable_effect(double standard_error, double alpha = 0.05, double power = 0.8);

/// Standard error of the difference of paired proportions, one half added to each cell (Agresti
/// and Min 2005), so that it is not zero where nothing differs yet.
double paired_standard_error(const PairedCounts& counts);

}  // namespace pingjia::harness

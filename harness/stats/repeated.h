#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "harness/stats/interval.h"

namespace pingjia::harness {

/// One item asked several times.
struct RepeatedItem {
  std::int64_t n = 0;      ///< Marked answers.
  std::int64_t right = 0;  ///< Of them.
  std::int64_t cluster = 0;
};

/// Unbiased estimate of the chance that at least one of k answers is right, from n >= k answers of
/// which c are right: 1 - C(n - c, k) / C(n, k) (Chen et al. 2021, Evaluating Large Language Models
/// Trained on Code).
double pass_at_k(std::int64_t n, std::int64_t c, std::int64_t k);

/// Whether the most frequent answer is right: `votes[i]` is how many answers are of class i,
/// `right[i]` whether that class is. A tie counts as the share of the tied classes that is right,
/// as if one were drawn. No votes: 0.
double consensus(std::span<const std::int64_t> votes, const std::vector<bool>& right);

/// Half of the 95 % interval of the items' mean chance of a right answer, these items taken as
/// fixed: the part of the error that more repeats make smaller. Item variances are p(1 - p)/n at
/// p = (right + 1/2)/(n + 1), so that an item all right or all wrong so far is not taken for
/// certain, and a rule that stops at a width keeps its coverage. Items without answers are passed
/// over; none at all: 1.
double repeat_half_width(std::span<const RepeatedItem> items, double confidence = 0.95);

/// A mean of item values with the interval of its items drawn from a population, clustered:
/// Student's t on the cluster-robust error, kept inside [0, 1]. One cluster: [0, 1].
struct ItemMean {
  double mean = 0;
  Interval interval;
};
ItemMean item_mean(std::span<const double> values, std::span<const std::int64_t> clusters,
                   double confidence = 0.95);

/// Mean of group accuracies, each group counting the same (macro average), with the interval of its
/// groups taken as fixed and their items drawn: the variances p(1 - p)/n, smoothed as above, added.
ItemMean macro_mean(std::span<const RepeatedItem> groups, double confidence = 0.95);

}  // namespace pingjia::harness

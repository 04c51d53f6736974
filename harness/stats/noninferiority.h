#pragma once

#include <cstdint>
#include <span>

#include "harness/stats/interval.h"
#include "harness/stats/paired.h"

namespace pingjia::harness {

/// How often only one of two systems was right, among `n` paired answers. The counts need not be
/// whole: those of answers that hang together stand for fewer independent ones.
struct Discordance {
  double n = 0;
  double only_a = 0;
  double only_b = 0;
};

Discordance discordance_of(const PairedCounts& counts);

/// Score statistic of the hypothesis accuracy(a) - accuracy(b) = `difference`, standard normal
/// under it: (only_a - only_b - n d) / sqrt(n (2 q + d (1 - d))), q the maximum-likelihood share of
/// only_b under the hypothesis (Tango, Statistics in Medicine 17, 1998, 891-908). -1 < d < 1.
double score_statistic(const Discordance& counts, double difference);

/// The differences that the score statistic does not reject at the two-sided critical value
/// `critical` > 0 (Tango 1998). It has width where nothing differs: z^2 / (n + z^2) to both sides.
Interval score_interval(const Discordance& counts, double critical);

/// One paired difference against a margin. Every p value is one-sided, and agrees with `interval`:
/// p_not_worse < (1 - confidence) / 2 exactly where the interval's low end is above -margin.
struct MarginTest {
  double difference = 0;      ///< accuracy(a) - accuracy(b)
  Interval interval;          ///< Two-sided, at the confidence asked for.
  double standard_error = 0;  ///< Never 0: with half an answer added to each cell.
  double p_not_worse = 1;     ///< Of "a is worse by the margin or more": non-inferiority.
  double p_worse = 1;         ///< Of "a is worse by the margin or less".
  double p_equivalent = 1;    ///< Of "they differ by the margin or more": two one-sided tests.
};

/// Independent pairs: Tango's score test and interval. Chosen for its size: at one-sided 2.5 % and
/// a margin of 2 points its exact probability of a false "not worse" is at most 2.63 % for every n
/// from 100 to 1319 and every share of discordant answers, reached at n = 128 and 19 % discordant
/// (enumerated, 2026-11-25; the tests enumerate some of it). A Wald test calls 100 equal answers
/// not worse though 2 % may differ. At one-sided 5 % this test too reaches 6.8 %, near n = 133
/// without discordance. 0 < margin < 1; n > 0.
MarginTest test_margin(const PairedCounts& counts, double margin, double confidence = 0.95);

/// Pairs of which those of one cluster are not independent (repeats of a question, questions on one
/// text): the score test on the effective sample size, n over the design effect (Kish), with
/// Student's t at clusters - 1 degrees of freedom. The design effect counts one more cluster that
/// disagrees throughout, so that few discordant clusters promise no certainty. `a` and `b` are 1
/// where right and 0 where not; all three have one length; two clusters or more.
MarginTest test_margin_clustered(std::span<const double> a, std::span<const double> b,
                                 std::span<const std::int64_t> clusters, double margin,
                                 double confidence = 0.95);

}  // namespace pingjia::harness

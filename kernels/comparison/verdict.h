#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "harness/stats/interval.h"

namespace pingjia::kernels {

/// Whether one row of B is faster or slower than the same row of A.
///
/// Method, after nvbench-compare-robust (docs/nvbench_compare_robust.md of NVIDIA/nvbench: a clear
/// gap between intervals, confirmed in cycles), with numbers where it has rules of thumb:
/// 1. A side is the median of its samples, with the distribution-free 95 % interval of a median
///    (Hahn and Meeker 1991, 5.2), so that outliers move neither.
/// 2. Two processes of one program differ by more than their samples tell (placement of code and
///    pages: Mytkowicz et al., ASPLOS 2009). `process_shift` stands for what all rows of a process
///    share, and once more for each row's own. From 8 rows on the table itself shows the latter:
///    the spread of log(B/A), by Qn (Rousseeuw and Croux, JASA 88, 1993), which half of the rows
///    may truly change without moving; less what samples explain.
/// 3. FAST or SLOW: B/A differs from 1, by a normal test with Holm's correction over all rows of
///    the table at `alpha`, and by `minimum_effect` at least; and so it does in cycles, where
///    cycles are.
/// 4. SAME: the 95 % interval of B/A stays within `same_within`. Time that changed while cycles are
///    SAME is the clock's doing, and said so. Everything else is UNCLEAR.
/// 5. Where other programs took more than `most_competing` processors while a table was measured
///    (its context's "competing_processors"), time says nothing of the kernel: what would be FAST
///    or SLOW is UNCLEAR.
/// 6. Of several runs a side, that took turns: a side is the mean of its runs' medians, and 3. is
///    asked of the gap between the nearest runs of both sides. On a host shared with others a whole
///    run may be slow in one row, which no sample inside it tells.
/// Of invented noise (tests/kernels/comparison) it raises an alarm in fewer than 1 of 100 pairs of
/// tables, and finds 95 of 100 rows that became slower by 10 %.
enum class Verdict { kFast, kSlow, kSame, kUnclear };

std::string_view verdict_name(Verdict verdict);  ///< "FAST", "SLOW", "SAME", "UNCLEAR"

struct VerdictOptions {
  double minimum_effect = 0.02;  ///< In log(B/A): about 2 %. Nobody acts on less.
  double same_within = 0.05;
  double process_shift = 0.005;  ///< Standard deviation of one process, in log time.
  double most_competing = 0.25;  ///< An eighth of a machine of two processors.
  double alpha = 0.005;          ///< Of one false FAST or SLOW or more in a whole table.
};

/// The median of a side's samples, in logarithms. Nothing under 6 samples, of which no
/// distribution-free 95 % interval can be made. Samples are above 0.
struct LogMedian {
  double value = 0;
  double error = 0;  ///< Standard error: the interval's width / (2 * 1.96).
};
std::optional<LogMedian> log_median(std::span<const float> samples);

/// log(B/A) of one row, and its standard error.
struct LogRatio {
  double value = 0;
  double error = 0;
  /// How far apart the nearest runs of both sides are, with the sign of B/A; 0: runs overlap. Of
  /// one run a side the same as `value`.
  double gap = 0;

  harness::Interval ratio(double confidence = 0.95) const;  ///< Of B/A itself.
};

/// Standard deviation of log(B/A) between rows beyond what their samples explain (2.), with one
/// standard error of Qn on top. 0 of fewer than 8 rows. The errors in `ratios` are of the samples
/// alone.
double row_shift(std::span<const LogRatio> ratios);

/// Two-sided p value of "B/A is 1", by the gap; 1 where that is within the minimum effect.
double p_of_change(const LogRatio& ratio, const VerdictOptions& options);

/// `adjusted_p` is p_of_change of `time` after Holm's correction over the table.
Verdict judge(const LogRatio& time, double adjusted_p, const std::optional<LogRatio>& cycles,
              const VerdictOptions& options);

}  // namespace pingjia::kernels

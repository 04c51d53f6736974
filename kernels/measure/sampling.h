#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "harness/summary/kernel_table.h"

namespace pingjia::kernels {

/// When a row has samples enough.
struct StopRule {
  std::size_t least = 20;      ///< Fewer samples say nothing about their spread.
  std::size_t most = 2000;     ///< And more say nothing new.
  double relative_iqr = 0.01;  ///< Quiet: the middle half lies within this share of the median.
  double seconds = 1;          ///< A noisy row ends here, with at least `fewest` samples.
  /// Under 6 samples no interval of the median with 95 % exists (1 - 2 / 2^6 = 0.97).
  std::size_t fewest = 6;
  /// A call that takes longer is not repeated: the one that was checked is the row's only sample,
  /// and its median has no interval. For tables within a budget, where a comparator is far from
  /// ours.
  double longest_call = std::numeric_limits<double>::infinity();
};

/// One sample: how long one call took, and how fast the core's clock ran around it.
struct Sample {
  double seconds = 0;
  double clock_hz = 0;  ///< 0: not known.
};

/// Whether to stop after these samples; the row has spent so many seconds so far. Quartiles
/// rather than deviations: one interrupted call must not keep a quiet row from ending.
bool is_enough(const std::vector<Sample>& samples, double spent, const StopRule& rule);

/// Those whose clock is within 3 % of the most frequent one (bins of 1 %): a sample beside them was
/// taken while the core was throttled or somebody else ran on it. All of them when fewer than half
/// would be left, or no clock is known.
std::vector<Sample> at_modal_clock(const std::vector<Sample>& samples);

/// Median, its 95 % interval by 1,000 resamples with a fixed seed, quartiles. `values` not empty.
harness::KernelTimes times_of(const std::vector<double>& values);

}  // namespace pingjia::kernels

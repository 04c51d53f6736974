#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/summary/kernel_samples.h"
#include "kernels/comparison/verdict.h"

namespace pingjia::kernels {

/// A row's time, or its cycles, over the runs of a side, in logarithms.
struct SideMedian {
  LogMedian mean;   ///< Of the runs' medians; its error is that of their samples alone.
  double low = 0;   ///< Of the runs' medians.
  double high = 0;  ///< The same as `low` of one run.
};

struct SideRow {
  std::string name;  ///< harness::kernel_row_name
  /// kOk: measured in every run. Else the worst of them, and its reason.
  harness::KernelRow::Status status = harness::KernelRow::kOk;
  std::string reason;
  double seconds = 0;              ///< Geometric mean of the runs' medians.
  std::optional<double> clock_hz;  ///< Mean of the runs that know theirs.
  std::optional<SideMedian> time;  ///< Nothing: too few samples in a run.
  std::optional<SideMedian> cycles;
};

/// One side of a comparison: the table of one run, or those of several runs of one program.
struct Side {
  std::map<std::string, std::string> context;  ///< Of the first run.
  double competing_processors = 0;             ///< The most of any run; 0 where none says.
  std::vector<SideRow> rows;                   ///< In the order of the first run.

  const SideRow* find(const std::string& name) const;  ///< Null when there is no such row.
};

/// `runs` not empty. A row that some run does not have is absent.
Side side_of(std::span<const harness::StoredKernels> runs);

/// From the nearest run of `a` to the nearest of `b`: positive where all of `b` are above all of
/// `a`, 0 where they overlap.
double gap(const SideMedian& a, const SideMedian& b);

}  // namespace pingjia::kernels

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernels/comparison/side.h"
#include "kernels/comparison/verdict.h"

namespace pingjia::kernels {

/// One row that both tables have.
struct RowComparison {
  std::string name;  ///< harness::kernel_row_name
  Verdict verdict = Verdict::kUnclear;
  std::string note;  ///< What a reader must know of it: "only the clock changed, …".
  double seconds_a = 0;
  double seconds_b = 0;
  double ratio = 1;            ///< Time of B / time of A.
  harness::Interval interval;  ///< 95 %, with the shift between processes.
  std::optional<double> cycle_ratio;
};

struct TableComparison {
  std::vector<RowComparison> rows;  ///< Measured in both; in the order of A.
  /// No result on one side or both, and why: "NAME: failed in B: differs from the reference".
  std::vector<std::string> not_compared;
  bool broken = false;  ///< A row that A measured fails its check in B.
  std::vector<std::string> only_a;
  std::vector<std::string> only_b;
  std::vector<std::string> other_context;  ///< "processor: Xeon / EPYC"
  bool under_load = false;  ///< Other programs ran beside A or B: no row is FAST or SLOW.
  double shift = 0;  ///< Standard deviation of log(B/A) beyond the samples' that was reckoned with.

  int count(Verdict verdict) const;
  bool failed() const { return broken || count(Verdict::kSlow) > 0; }
};

/// Pairs rows by name and judges each (verdict.h).
TableComparison compare_sides(const Side& a, const Side& b, const VerdictOptions& options = {});

}  // namespace pingjia::kernels

#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/summary/report.h"

namespace pingjia::reports {

/// One op on one shape, hot or cold, and everybody who did it.
struct KernelCase {
  std::vector<const harness::KernelRow*> rows;     ///< In the table's order, not empty.
  const harness::KernelRow* best_ours = nullptr;   ///< The fastest with a result.
  const harness::KernelRow* best_other = nullptr;  ///< Likewise of the comparators.
  std::string label;  ///< What tells it from the other cases of its group: "512 × 1, cold".

  /// Time of the best comparator over the row's: 1.5 is half as fast again. Nothing where either
  /// has no result.
  std::optional<double> lead(const harness::KernelRow& row) const;
};

/// The cases of one op in one type.
struct KernelGroup {
  std::string op;
  std::string type;
  std::vector<KernelCase> cases;
  std::string varying;  ///< What the numbers of a label are: "batch × key_length = query_length".
  std::string fixed;    ///< What all cases share: "head_width 128, kv_heads 8"; may be empty.
};

/// Groups in order of appearance. They point into `table`, which must outlive them.
std::vector<KernelGroup> kernel_groups(const harness::KernelTable& table);

/// Whether no run asked anything: then there is nothing to say but of kernels.
bool all_kernels_only(const std::vector<harness::RunView>& runs);

struct Implementation {
  std::string name;
  bool ours = false;
};

/// Ours first; the place in this list is the series of its marks.
std::vector<Implementation> implementations(const harness::KernelTable& table);

/// How a case's rows stand against the best comparator, over a group or a table.
struct KernelStanding {
  std::size_t cases = 0;              ///< With a result of ours.
  std::size_t compared = 0;           ///< Of them with a comparator's too.
  std::size_t ahead = 0;              ///< Of them those where ours is faster.
  std::optional<double> median_roof;  ///< Share of the roof that our best rows reach.
  std::optional<double> median_lead;
  std::optional<double> least_lead;
  std::optional<double> most_lead;
};
KernelStanding standing_of(const std::vector<const KernelCase*>& cases);
std::vector<const KernelCase*> all_cases(std::span<const KernelGroup> groups);

/// "1.23 ms", "456 ns".
std::string time_text(double seconds);
/// Operations or bytes per second of a row with a result, for people: "1.23 TFLOP/s", "45.6 GB/s".
/// Empty without a result, or where the row counts none.
std::string flops_text(const harness::KernelRow& row);
std::string bytes_text(const harness::KernelRow& row);
/// The same of a number per second: "12.3 GB/s" of 1.23e10 and "B/s".
std::string per_second_text(double value, const std::string& unit);
/// "71 %", "1.53×"; "—" for nothing.
std::string percent_text(const std::optional<double>& share);
std::string times_text(const std::optional<double>& ratio);

}  // namespace pingjia::reports

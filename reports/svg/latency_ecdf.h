#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/svg/frame.h"

namespace pingjia::reports {

/// One system's latencies, sorted, in the axis' unit. Zeros (all tokens in one read) stand at the
/// left edge of the log axis.
struct LatencySeries {
  std::string label;
  std::size_t series = 0;
  std::vector<double> values;
  std::optional<double> p50;  ///< As the summary has it: where the mark stands.
};

/// Share of answers that came within a time, on a log axis, one curve a system, marks at the
/// median. At least one series has a value above zero.
std::string latency_ecdf_svg(const std::vector<LatencySeries>& all, const std::string& x_title,
                             const Canvas& canvas);

/// The value under which `share` of the sorted values lie (nearest rank).
double nearest_rank(const std::vector<double>& sorted, double share);

}  // namespace pingjia::reports

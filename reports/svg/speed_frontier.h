#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/svg/frame.h"

namespace pingjia::reports {

/// What one machine gives: to each reader, and in all.
struct SpeedPoint {
  std::string label;  ///< The system; with its suite where it is of one.
  std::size_t series = 0;
  bool whole = true;    ///< Of all suites: a large mark, which alone may stand on the front.
  double per_user = 0;  ///< Tokens/s, > 0; likewise the next.
  std::optional<double> per_user_low;
  std::optional<double> per_user_high;
  double per_device = 0;  ///< In the axis' unit.
};

struct SpeedFrontier {
  std::vector<SpeedPoint> points;  ///< Not empty.
  std::string x_title;
  std::string y_title;
  /// USD per million output tokens where the axis reads 1; lines of equal cost hang on it.
  /// Nothing: no lines.
  std::optional<double> usd_per_mtok_at_one;
};

/// Tokens/s of a device against tokens/s of one reader, both on log axes, with the staircase of
/// what none surpasses both ways, and level lines of USD per million output tokens.
std::string speed_frontier_svg(const SpeedFrontier& speed, const Canvas& canvas);

}  // namespace pingjia::reports

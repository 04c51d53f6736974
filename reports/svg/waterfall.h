#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/svg/frame.h"

namespace pingjia::reports {

/// One step of the way to a total.
struct WaterfallStep {
  std::string name;
  double amount = 0;  ///< In the axis' unit, not negative.
};

/// What one system's cost is made of. Every amount is in the axis' unit.
struct Waterfall {
  std::string label;  ///< The system.
  std::size_t series = 0;
  std::vector<WaterfallStep> steps;  ///< Sum to `total`.
  std::string total_name;
  double total = 0;  ///< > 0.
  /// Drawn hollow from the total on: it would have cost so much more, or less where it is negative.
  std::optional<double> savings;
  std::string savings_name;
};

/// A canvas for `rows` bars, in a grid of small charts.
Canvas waterfall_canvas(std::size_t rows);

/// Bars one under the other, each starting where the one above ends; the last is the sum.
std::string waterfall_svg(const Waterfall& fall, const std::string& x_title, const Canvas& canvas);

}  // namespace pingjia::reports

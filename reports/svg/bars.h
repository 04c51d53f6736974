#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/svg/frame.h"

namespace pingjia::reports {

/// One bar with its interval; without a value its place stays empty.
struct Bar {
  std::string label;
  std::size_t series = 0;
  std::optional<double> value;  ///< In the axis' unit, not negative.
  std::optional<double> low;
  std::optional<double> high;
};

/// A canvas for `rows` bars, in a grid of small charts.
Canvas bars_canvas(std::size_t rows);

/// Bars from zero, each under its label. The page's script draws the same after a change of prices
/// (html/script/hardware_chart.js).
std::string bars_svg(const std::vector<Bar>& bars, const std::string& x_title,
                     const Canvas& canvas);

}  // namespace pingjia::reports

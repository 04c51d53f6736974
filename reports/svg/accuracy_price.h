#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/svg/frame.h"

namespace pingjia::reports {

/// One system: what it costs, how often it is right, and how sure both are.
struct PricePoint {
  std::string label;
  std::size_t series = 0;
  double price = 0;  ///< In the axis' unit, > 0.
  std::optional<double> price_low;
  std::optional<double> price_high;
  double accuracy = 0;
  std::optional<double> accuracy_low;
  std::optional<double> accuracy_high;
};

/// Accuracy against price on a log axis: error bars both ways, the Pareto front as a staircase,
/// what it reaches shaded, beaten systems faded. `points` is not empty.
std::string accuracy_price_svg(const std::vector<PricePoint>& points,
                               const std::string& price_title, const Canvas& canvas);

/// Which points are on the front.
std::vector<bool> front_of(const std::vector<PricePoint>& points);

}  // namespace pingjia::reports

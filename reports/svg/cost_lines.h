#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/svg/frame.h"

namespace pingjia::reports {

/// What one place costs along the axis.
struct CostLine {
  struct Spot {
    double x = 0;  ///< > 0, likewise y.
    double y = 0;
    bool marked = false;  ///< Measured there.
  };
  std::string label;
  std::size_t series = 0;
  bool level = false;       ///< Not of the axis: a dashed line.
  std::vector<Spot> spots;  ///< Two or more, rising in x, one of them marked.
};

/// Where two lines cross: the ranking flips.
struct CostFlip {
  double x = 0;
  double y = 0;
  std::string title;  ///< Whole sentence, for the tip.
};

struct CostLines {
  std::vector<CostLine> lines;  ///< Not empty.
  std::vector<CostFlip> flips;
  std::string x_title;
  std::string y_title;
};

/// Lines on log axes, each named at its right end where there is room for names, and a ring with
/// its number at every flip. The page's script draws the same after a change of prices
/// (html/script/hardware_chart.js).
std::string cost_lines_svg(const CostLines& chart, const Canvas& canvas);
/// For a wide page and for a phone's.
std::string cost_lines_svgs(const CostLines& chart);

}  // namespace pingjia::reports

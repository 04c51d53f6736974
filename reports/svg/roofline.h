#pragma once

#include <string>
#include <vector>

#include "reports/svg/frame.h"

namespace pingjia::reports {

/// One kernel on one shape.
struct RooflinePoint {
  std::string label;
  std::size_t series = 0;
  bool ours = false;     ///< Filled; the others' marks are hollow.
  double intensity = 0;  ///< FLOP per byte moved at least, > 0; likewise the next.
  double rate = 0;       ///< FLOP/s reached, at the median time; low and high of its interval.
  double low = 0;
  double high = 0;
};

/// What no kernel surpasses.
struct RooflineRoof {
  std::string name;
  double value = 0;  ///< B/s or FLOP/s, > 0.
  bool bandwidth = false;
};

struct Roofline {
  std::vector<RooflinePoint> points;  ///< Not empty.
  std::vector<RooflineRoof> roofs;
};

/// FLOP/s against FLOP per byte, both on log axes, under the roofs (Williams, Waterman and
/// Patterson, CACM 52(4), 2009): a bandwidth rises to the right until the highest rate cuts it off.
std::string roofline_svg(const Roofline& roofline, const Canvas& canvas);

}  // namespace pingjia::reports

#pragma once

#include <string>
#include <vector>

#include "reports/svg/frame.h"
#include "reports/timeline_bins.h"

namespace pingjia::reports {

/// One system over the time of its run.
struct Timeline {
  std::string label;
  std::size_t series = 0;
  std::vector<TimelineBin> bins;  ///< Equal, over the whole axis; not empty.
};

/// Whether any bin says what power was drawn.
bool has_power(const Timeline& timeline);

/// A canvas for it, in a grid of small charts.
Canvas timeline_canvas(bool power);

/// Requests in flight as an area with a tick for each bin that has failures, output tokens/s as a
/// line, and power where it is known, one panel under the other over one time axis.
std::string timeline_svg(const Timeline& timeline, const Canvas& canvas);

/// Seconds, minutes or hours for an axis so long: the unit, and how many of it are a second.
struct TimeUnit {
  const char* name;
  double per_second;
};
TimeUnit time_unit(double length_s);

}  // namespace pingjia::reports

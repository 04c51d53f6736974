#pragma once

#include <string>
#include <vector>

#include "reports/html/sections.h"
#include "reports/svg/frame.h"

namespace pingjia::reports {

/// One way to say what a system costs.
struct PriceMeasure {
  std::string_view tag;    ///< Of the metric.
  std::string_view name;   ///< Of the choice; likewise the next, a text of the interface.
  std::string_view title;  ///< Of the chart over all suites.
};

/// Accuracy against that price on one suite ("*": all): the front with its band, or the refusal of
/// a ranking in its place. The band is drawn from the rows' intervals (harness/stats/front_band.h)
/// with one seed for all pages, so that the same runs give the same bytes.
Figure price_figure(const Page& page, const std::string& suite, const PriceMeasure& measure,
                    const std::vector<Canvas>& canvases);

}  // namespace pingjia::reports

#include "harness/summary/metric.h"

#include <algorithm>

namespace pingjia::harness {

const Metric* find_metric(const SummaryRow& row, const std::string& tag) {
  const auto found = std::find_if(row.metrics.begin(), row.metrics.end(),
                                  [&](const Metric& metric) { return metric.tag == tag; });
  return found == row.metrics.end() ? nullptr : &*found;
}

}  // namespace pingjia::harness

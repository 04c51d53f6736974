#include "harness/summary/metric.h"

#include <algorithm>

namespace pingjia::harness {

const Metric* find_metric(const SummaryRow& row, const std::string& tag) {
  return find_metric(row.metrics, tag);
}

const Metric* find_metric(const std::vector<Metric>& metrics, std::string_view tag) {
  const auto found = std::find_if(metrics.begin(), metrics.end(),
                                  [&](const Metric& metric) { return metric.tag == tag; });
  return found == metrics.end() ? nullptr : &*found;
}

}  // namespace pingjia::harness

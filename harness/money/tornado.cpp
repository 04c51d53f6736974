#include "harness/money/tornado.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pingjia::harness {

double Swing::size() const {
  if (std::isinf(at_low) || std::isinf(at_high)) return std::numeric_limits<double>::infinity();
  return std::abs(at_high - at_low);
}

std::vector<Swing> tornado(const Assumptions& assumptions,
                           const std::function<double(const Assumptions&)>& result) {
  std::vector<Swing> swings;
  for (const auto& assumption : assumptions.all()) {
    // A fifth of a whole thing is none.
    if (!assumption.value || (assumption.kind->whole && !assumption.low)) continue;
    Swing swing;
    swing.key = assumption.kind->key;
    swing.assumed_range = !assumption.low || !assumption.high;
    swing.low_input = assumption.low.value_or(0.8 * *assumption.value);
    swing.high_input =
        assumption.high.value_or(std::min(1.2 * *assumption.value, assumption.kind->most));
    swing.at_low = result(assumptions.with(swing.key, swing.low_input));
    swing.at_high = result(assumptions.with(swing.key, swing.high_input));
    if (swing.at_low != swing.at_high) swings.push_back(std::move(swing));
  }
  std::stable_sort(swings.begin(), swings.end(),
                   [](const Swing& a, const Swing& b) { return a.size() > b.size(); });
  return swings;
}

}  // namespace pingjia::harness

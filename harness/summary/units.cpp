#include "harness/summary/units.h"

#include <algorithm>

namespace pingjia::harness {

Units units_of(const RowFacts& row) {
  struct Sum {
    Money cost;
    Nanos held = 0;
    std::int64_t right = 0;
    std::int64_t asked = 0;
  };
  std::vector<std::pair<std::uint64_t, Sum>> sums;
  sums.reserve(row.attempts.size());
  for (const auto& attempt : row.attempts) {
    const bool right = attempt.score != nullptr && attempt.score->outcome == outcome::kRight;
    sums.push_back(
        {attempt.unit,
         {attempt.cost.total(), attempt.held, right ? 1 : 0, attempt.score != nullptr ? 1 : 0}});
  }
  std::sort(sums.begin(), sums.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  Units units;
  for (std::size_t i = 0; i < sums.size();) {
    Sum sum;
    const std::uint64_t unit = sums[i].first;
    for (; i < sums.size() && sums[i].first == unit; ++i) {
      sum.cost += sums[i].second.cost;
      sum.held += sums[i].second.held;
      sum.right += sums[i].second.right;
      sum.asked += sums[i].second.asked;
    }
    units.cost.push_back(sum.cost.usd());
    units.machine_hours.push_back(seconds(sum.held) / 3600);
    units.right.push_back(static_cast<double>(sum.right));
    units.asked.push_back(static_cast<double>(sum.asked));
  }
  return units;
}

}  // namespace pingjia::harness

#pragma once

#include <vector>

#include "harness/summary/row_facts.h"

namespace pingjia::harness {

/// What is independent of the rest (a sample, or its cluster): what each took and gave, for
/// intervals of their ratios. In an order that only the units' names decide.
struct Units {
  std::vector<double> cost;           ///< USD of every attempt.
  std::vector<double> machine_hours;  ///< Held, idle time shared out.
  std::vector<double> right;
  std::vector<double> asked;
};

Units units_of(const RowFacts& row);

}  // namespace pingjia::harness

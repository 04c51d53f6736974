#pragma once

#include <optional>
#include <string>
#include <vector>

#include "suites/math/budget.h"
#include "suites/math/expression.h"

namespace pingjia::suites {

/// One stretch of the real line; a point where both ends are the same. No expression at an end
/// means infinity. The doubles are for order only.
struct Stretch {
  Expression low;
  Expression high;
  double low_value = 0;
  double high_value = 0;
  bool low_closed = false;
  bool high_closed = false;
};

/// A set of real numbers: stretches in order that neither overlap nor touch.
struct SolutionSet {
  std::vector<Stretch> stretches;
  std::string variable;  ///< Of the inequality it was written as; empty for a set.
};

/// The set that an interval, a union, {x | x > 1}, "x > 1", "1 < x <= 2", "x < 1 or x > 3", "R" or
/// {1, 2} writes. Nothing for what is none, or has ends that are no real numbers.
std::optional<SolutionSet> solution_set(const Expression& expression, Budget& budget);

}  // namespace pingjia::suites

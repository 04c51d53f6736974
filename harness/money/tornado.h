#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/money/assumption.h"

namespace pingjia::harness {

/// What becomes of the result when one input alone goes through its range.
struct Swing {
  std::string key;
  double low_input = 0;
  double high_input = 0;
  bool assumed_range = false;  ///< A fifth down and up: no range was given.
  double at_low = 0;           ///< The result; infinite where there is none.
  double at_high = 0;

  double size() const;
};

/// A tornado table: one input at a time, the widest swing first. Inputs without value, whole
/// ones without range, and those that move nothing are left out.
std::vector<Swing> tornado(const Assumptions& assumptions,
                           const std::function<double(const Assumptions&)>& result);

}  // namespace pingjia::harness

#pragma once

#include <string>
#include <vector>

namespace pingjia::reports {

/// Maps values to pixels, linearly or by logarithm.
struct Scale {
  bool log = false;
  double low = 0;   ///< Value at `from`.
  double high = 1;  ///< Value at `to`.
  double from = 0;  ///< Pixels.
  double to = 1;

  double operator()(double value) const;
};

/// A fraction axis around [low, high]: padded, within [0, 1], at least 0.1 wide.
Scale fraction_scale(double low, double high, double from, double to);

/// A log axis around [low, high]: padded, at least a factor of 5 wide, so that it has ticks and
/// small differences are not blown up. Both bounds > 0.
Scale log_scale(double low, double high, double from, double to);

struct Tick {
  double value = 0;
  std::string label;
};

/// As many round values as stand at least `gap` pixels apart: 1-2-5 in each decade on a log
/// axis where they fit, else 1-3, else decades.
std::vector<Tick> ticks(const Scale& scale, double gap);

}  // namespace pingjia::reports

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/stats/front_band.h"
#include "reports/svg/frame.h"

namespace pingjia::reports {

/// What the test of parity with the reference says of a system; the reference itself is marked too.
enum class ParityKind { kNone, kReference, kNotWorse, kUndecided, kWorse };

/// Its words: "not worse by the margin" …; empty for kNone.
std::string_view parity_words(ParityKind kind);

/// One system: what it costs, how often it is right, and how sure both are.
struct PricePoint {
  std::string label;
  std::size_t series = 0;
  double price = 0;  ///< In the axis' unit, > 0.
  std::optional<double> price_low;
  std::optional<double> price_high;
  double accuracy = 0;
  std::optional<double> accuracy_low;
  std::optional<double> accuracy_high;
  std::string answers;  ///< How many, as shown.
  bool ranked = true;   ///< May stand on the front: no test double.
  ParityKind parity = ParityKind::kNone;
};

struct PriceChart {
  std::vector<PricePoint> points;  ///< Not empty.
  std::string price_title;
  bool front = true;                     ///< No: a ranking is refused, and none is drawn.
  std::vector<harness::FrontBand> band;  ///< Of the staircase, rising in price; empty: none drawn.
};

/// Accuracy against price on a log axis: error bars both ways, the Pareto front as a staircase with
/// its band, what it reaches shaded, beaten systems faded, marks of parity as rings.
std::string accuracy_price_svg(const PriceChart& chart, const Canvas& canvas);

/// Which points are on the front; none where it is refused.
std::vector<bool> front_of(const PriceChart& chart);

}  // namespace pingjia::reports

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/svg/frame.h"

namespace pingjia::reports {

/// One model under one budget of tokens.
struct BudgetPoint {
  std::string label;   ///< The system.
  std::string budget;  ///< The most tokens an answer may have, as shown.
  double tokens = 0;   ///< Output tokens an answer takes on average, > 0.
  double accuracy = 0;
  std::optional<double> low;
  std::optional<double> high;
};

/// A model that ran under several budgets, in their order.
struct BudgetLine {
  std::string model;
  std::size_t series = 0;
  std::vector<BudgetPoint> points;  ///< Not empty.
};

/// Accuracy with its interval against output tokens per answer on a log axis, a line for each
/// model, its points named by their budget. `lines` is not empty.
std::string score_budget_svg(const std::vector<BudgetLine>& lines, const Canvas& canvas);

}  // namespace pingjia::reports

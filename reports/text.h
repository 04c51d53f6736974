#pragma once

#include <string>
#include <vector>

#include "harness/summary/report.h"

namespace pingjia::reports {

/// For a terminal: one table a run, in blocks of quality, speed and cost, at most about 120 columns
/// wide; then prices, notes, and last the verdict.
std::string write_text(const std::vector<harness::RunView>& runs);

}  // namespace pingjia::reports

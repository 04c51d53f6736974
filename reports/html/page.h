#pragma once

#include <string>
#include <vector>

#include "harness/summary/report.h"

namespace pingjia::reports {

/// The price/performance page: one self-contained file without script.
std::string write_html(const std::vector<harness::RunView>& runs);

}  // namespace pingjia::reports

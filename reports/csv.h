#pragma once

#include <string>
#include <vector>

#include "harness/summary/report.h"

namespace pingjia::reports {

/// One line per (run, system, suite, metric) with all fields, by RFC 4180. An unknown value is an
/// empty field.
std::string write_csv(const std::vector<harness::RunView>& runs);

}  // namespace pingjia::reports

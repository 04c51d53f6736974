#pragma once

#include "harness/base/table.h"
#include "harness/summary/report.h"

namespace pingjia::reports {

/// Every output format.
harness::Table<harness::WriteReport> reports();

}  // namespace pingjia::reports

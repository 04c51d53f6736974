#pragma once

#include "harness/base/table.h"
#include "harness/score/scorer.h"

namespace pingjia::suites {

/// Every scorer a protocol may name.
harness::Table<harness::MakeScorer> scorers();

}  // namespace pingjia::suites

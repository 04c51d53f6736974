#include "suites/table.h"

namespace pingjia::suites {

harness::Table<harness::MakeScorer> scorers() { return {}; }

}  // namespace pingjia::suites

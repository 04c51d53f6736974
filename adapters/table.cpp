#include "adapters/table.h"

namespace pingjia::adapters {

harness::Table<harness::MakeAdapter> adapters() { return {}; }

harness::Table<harness::DecodeBody> dialects() { return {}; }

}  // namespace pingjia::adapters

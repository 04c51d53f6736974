#pragma once

#include "harness/base/table.h"
#include "harness/drive/adapter.h"

namespace pingjia::adapters {

/// Every adapter a run file may name.
harness::Table<harness::MakeAdapter> adapters();

/// Every provider dialect whose recorded replies can be decoded.
harness::Table<harness::DecodeBody> dialects();

}  // namespace pingjia::adapters

#pragma once

#include <span>
#include <string_view>

#include "harness/base/table.h"
#include "harness/drive/adapter.h"

namespace pingjia::adapters {

/// Every adapter a run file may name.
harness::Table<harness::MakeAdapter> adapters();

/// Every provider dialect whose recorded replies can be decoded.
harness::Table<harness::DecodeBody> dialects();

/// The shipped price book, catalog/prices.json.
std::string_view price_catalog();

/// Environment variables that hold API keys, of every provider in catalog/providers.json.
std::span<const std::string_view> key_variables();

}  // namespace pingjia::adapters

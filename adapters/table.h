#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

#include "harness/base/table.h"
#include "harness/commands/download.h"
#include "harness/drive/adapter.h"

namespace pingjia::adapters {

/// Every adapter a run file may name.
harness::Table<harness::MakeAdapter> adapters();

/// Every provider dialect whose recorded replies can be decoded.
harness::Table<harness::DecodeBody> dialects();

/// The shipped price book, catalog/prices.json.
std::string_view price_catalog();

/// How files are fetched.
harness::Download downloader();

/// Environment variables that hold API keys, of every provider in catalog/providers.json.
std::span<const std::string_view> key_variables();

/// What `pingjia doctor --adapter` does: checks, and writes one line a check ("pass", "FAIL" or
/// "n/a", its name, its detail) and their counts to `out`. `options` is a JSON object. Whether none
/// failed. Throws Error for a command that cannot be started and options that are no object.
bool check_adapter(const std::string& command, const std::string& options,
                   const harness::AdapterContext& context, std::ostream& out);

}  // namespace pingjia::adapters

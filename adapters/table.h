#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/base/table.h"
#include "harness/commands/download.h"
#include "harness/drive/adapter.h"
#include "harness/money/price_format.h"
#include "harness/money/telemetry.h"

namespace pingjia::adapters {

/// Every adapter a run file may name.
harness::Table<harness::MakeAdapter> adapters();

/// Every provider dialect whose recorded replies can be decoded.
harness::Table<harness::DecodeBody> dialects();

/// The meters of this machine; see telemetry/README.md for the variables it reads.
std::unique_ptr<harness::Telemetry> make_telemetry(
    const std::function<std::optional<std::string>(const std::string&)>& environment);

/// Every format of price catalogue that can be read, besides our own.
harness::Table<harness::PriceFormat> price_formats();

/// The shipped price book, catalog/prices.json.
std::string_view price_catalog();

/// The shipped published cases, catalog/worked_examples.json.
std::string_view worked_examples();

/// How files are fetched.
harness::Download downloader();

/// Environment variables that hold API keys, of every provider in catalog/providers.json.
std::span<const std::string_view> key_variables();

/// Programs that a build with local engines puts beside pingjia.
std::span<const std::string_view> engine_programs();

/// The manual's page on adapters and the process protocol: README.md of this folder.
std::string_view manual_page();

/// What `pingjia doctor --adapter` does: checks, and writes one line a check ("pass", "FAIL" or
/// "n/a", its name, its detail) and their counts to `out`. `options` is a JSON object. Whether none
/// failed. Throws Error for a command that cannot be started and options that are no object.
bool check_adapter(const std::string& command, const std::string& options,
                   const harness::AdapterContext& context, std::ostream& out);

}  // namespace pingjia::adapters

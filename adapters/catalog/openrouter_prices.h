#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/money/price_format.h"

namespace pingjia::adapters {

/// The list of openrouter.ai/api/v1/models: USD per token as decimal texts; `overrides` from so
/// many prompt tokens on. A price of -1 hangs on the route and is not known beforehand.
bool is_openrouter_prices(const nlohmann::json& file);
harness::ImportedPrices read_openrouter_prices(const nlohmann::json& file,
                                               const harness::PriceSource& source,
                                               const std::string& where);

}  // namespace pingjia::adapters

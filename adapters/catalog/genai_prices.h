#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/money/price_format.h"

namespace pingjia::adapters {

/// Version 2 of github.com/pydantic/genai-prices, prices/new_data/v2/data.json: USD per million
/// tokens, by provider; models are matched by rules, prices may hang on a date or on an hour of the
/// day, and each on its own context tiers, which begin above their start.
bool is_genai_prices(const nlohmann::json& file);
harness::ImportedPrices read_genai_prices(const nlohmann::json& file,
                                          const harness::PriceSource& source,
                                          const std::string& where);

}  // namespace pingjia::adapters

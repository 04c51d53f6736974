#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/money/price_format.h"

namespace pingjia::adapters {

/// The map of github.com/BerriAI/litellm, model_prices_and_context_window.json: USD per token by
/// name; a key's suffixes say above which context, for which service tier and whether for batches.
/// Above a context the whole request is re-rated, from one token more than the key says (xAI: from
/// that many on).
bool is_litellm_prices(const nlohmann::json& file);
harness::ImportedPrices read_litellm_prices(const nlohmann::json& file,
                                            const harness::PriceSource& source,
                                            const std::string& where);

}  // namespace pingjia::adapters

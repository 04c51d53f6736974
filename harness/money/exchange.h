#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "harness/money/price_row.h"

namespace pingjia::harness {

/// What one unit of a currency is worth, from a day on until the next rate of it.
struct ExchangeRate {
  std::string currency;  ///< "CNY"
  std::string usd;       ///< Decimal text: USD for one unit.
  UnixSeconds from = 0;
  std::string source;
};

/// {"currency", "usd", "from", "source"}; throws Error naming `where`.
ExchangeRate exchange_rate_from_json(const nlohmann::json& rate, const std::string& where);

/// A row priced in another currency as rows in USD, one for each rate that holds while it does. The
/// first rate also holds before its day. Prices are rounded half up to the picodollar. Throws Error
/// naming `where` for a currency without a rate. A row in USD comes back as it is.
std::vector<PriceRow> in_dollars(const PriceRow& row, const std::vector<ExchangeRate>& rates,
                                 const std::string& where);

}  // namespace pingjia::harness

#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "harness/money/picodollars.h"

namespace pingjia::adapters {

/// A price of a foreign catalogue as it is written there.
struct PriceNumber {
  harness::Picodollars price = 0;
  bool rounded = false;  ///< It had digits below a picodollar: the noise of a binary float.
};

/// How many decimal places lie between the catalogue's unit and a picodollar per token.
enum class PriceUnit { kPerToken = 12, kPerMtok = 6 };

/// A number or decimal text of parse_decimal_json, rounded half up to the picodollar; nothing for
/// null and for what is no number. Throws Error naming `where` for a negative price, one above
/// 1,000,000 USD per Mtok, and one so small that rounding would make it free.
std::optional<PriceNumber> price_number(const nlohmann::json& value, PriceUnit unit,
                                        const std::string& where);

/// A price times a decimal factor such as "1.1", rounded half up to the picodollar.
harness::Picodollars scaled(harness::Picodollars price, std::string_view factor,
                            const std::string& where);

/// The decimal text of a number of parse_decimal_json; empty for what is none.
std::string number_text(const nlohmann::json& value);

}  // namespace pingjia::adapters

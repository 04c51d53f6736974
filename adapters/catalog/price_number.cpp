#include "adapters/catalog/price_number.h"

#include <nlohmann/json.hpp>

#include "harness/base/decimal_text.h"
#include "harness/base/error.h"

namespace pingjia::adapters {

namespace {

using harness::Error;

constexpr __int128 kMost = 1'000'000'000'000;

struct Rounded {
  __int128 value = 0;
  bool exact = true;
};

// The decimal `plain` times 10^places, rounded half up. Never negative.
Rounded rounded(const std::string& plain, std::size_t places, const std::string& where) {
  const std::size_t point = std::min(plain.find('.'), plain.size());
  std::string fraction = point < plain.size() ? plain.substr(point + 1) : "";
  fraction.erase(fraction.find_last_not_of('0') + 1);
  Rounded result;
  result.exact = fraction.size() <= places;
  const bool up = !result.exact && fraction[places] >= '5';
  fraction.resize(places, '0');
  for (const char digit : plain.substr(0, point) + fraction) {
    result.value = result.value * 10 + (digit - '0');
    if (result.value > kMost) {
      throw Error(where, "'" + plain + "' is above 1,000,000 USD per Mtok", "check its unit");
    }
  }
  if (up) ++result.value;
  return result;
}

}  // namespace

std::string number_text(const nlohmann::json& value) {
  if (value.is_number_integer()) return value.dump();
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::optional<PriceNumber> price_number(const nlohmann::json& value, PriceUnit unit,
                                        const std::string& where) {
  const std::string text = number_text(value);
  const auto plain = harness::plain_decimal(text);
  if (!plain) {
    if (value.is_null()) return std::nullopt;
    throw Error(where, "'" + (text.empty() ? value.dump() : text) + "' is no price",
                "give a decimal number");
  }
  if (plain->front() == '-') throw Error(where, "'" + text + "' is negative", "mend the price");
  const Rounded number = rounded(*plain, static_cast<std::size_t>(unit), where);
  if (number.value == 0 && !number.exact) {
    throw Error(where, "'" + text + "' is less than a picodollar per token", "check its unit");
  }
  return PriceNumber{static_cast<harness::Picodollars>(number.value), !number.exact};
}

harness::Picodollars scaled(harness::Picodollars price, std::string_view factor,
                            const std::string& where) {
  constexpr std::size_t kPlaces = 9;
  constexpr __int128 kOne = 1'000'000'000;
  const auto plain = harness::plain_decimal(factor);
  if (!plain || plain->front() == '-') {
    throw Error(where, "'" + std::string(factor) + "' is no factor", "give a decimal number");
  }
  const Rounded times = rounded(*plain, kPlaces, where);
  return static_cast<harness::Picodollars>((price * times.value + kOne / 2) / kOne);
}

}  // namespace pingjia::adapters

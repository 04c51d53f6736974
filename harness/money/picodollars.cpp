#include "harness/money/picodollars.h"

#include <algorithm>
#include <cassert>

#include "harness/base/decimal_text.h"
#include "harness/base/error.h"

namespace pingjia::harness {

namespace {

constexpr __int128 kMostPrice = 1'000'000'000'000;                // 1,000,000 USD per Mtok
constexpr __int128 kMostAmount = kMostPrice * 1'000'000'000'000;  // 1e12 USD

[[noreturn]] void refuse(const std::string& where, std::string_view text,
                         const std::string& problem) {
  throw Error(where, "'" + std::string(text) + "' " + problem,
              "give an amount in USD such as \"0.55\"");
}

// The decimal `text` times 10^places, which must be a whole number in [0, most].
__int128 parse_scaled(std::string_view text, int places, __int128 most, const std::string& where) {
  const auto plain = plain_decimal(text);
  if (!plain) refuse(where, text, "is not a decimal number");
  if (plain->front() == '-') refuse(where, text, "is negative");
  const std::size_t point = std::min(plain->find('.'), plain->size());
  std::string fraction = point < plain->size() ? plain->substr(point + 1) : "";
  fraction.erase(fraction.find_last_not_of('0') + 1);
  if (fraction.size() > static_cast<std::size_t>(places)) {
    refuse(where, text, "is finer than " + std::to_string(places) + " decimals");
  }
  fraction.resize(static_cast<std::size_t>(places), '0');
  __int128 value = 0;
  for (const char digit : plain->substr(0, point) + fraction) {
    value = value * 10 + (digit - '0');
    if (value > most) refuse(where, text, "is too large");
  }
  return value;
}

std::string digits_of(unsigned __int128 value) {
  std::string digits;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value > 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

// `value` / 10^places, exactly.
std::string decimal(__int128 value, std::size_t places) {
  const bool negative = value < 0;
  const auto magnitude = static_cast<unsigned __int128>(value);
  std::string digits = digits_of(negative ? -magnitude : magnitude);
  if (places == 0) return negative ? "-" + digits : digits;
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  digits.insert(digits.size() - places, ".");
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return negative ? "-" + digits : digits;
}

}  // namespace

double Money::usd() const {
  return static_cast<double>(picodollars_) / 1e12;
}

Picodollars parse_price(std::string_view usd_per_mtok, const std::string& where) {
  return static_cast<Picodollars>(parse_scaled(usd_per_mtok, 6, kMostPrice, where));
}

Money parse_usd(std::string_view usd, const std::string& where) {
  return Money(parse_scaled(usd, 12, kMostAmount, where));
}

Money whole_picodollars(std::string_view digits) {
  digits = digits.substr(0, digits.find('.'));
  const bool negative = digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  assert(digits.size() <= 38);
  __int128 amount = 0;
  for (const char digit : digits) {
    assert(digit >= '0' && digit <= '9');
    amount = amount * 10 + (digit - '0');
  }
  return Money(negative ? -amount : amount);
}

std::string picodollars_text(Money amount) {
  return decimal(amount.picodollars(), 0);
}

std::string usd_text(Money amount) {
  return decimal(amount.picodollars(), 12);
}

std::string price_text(Picodollars price) {
  return decimal(price, 6);
}

}  // namespace pingjia::harness

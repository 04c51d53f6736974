#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace pingjia::harness {

/// A price, in 1e-12 USD per token. USD per million tokens x 1,000,000, exactly.
using Picodollars = std::int64_t;

/// An exact amount of money: 128-bit integer picodollars. No binary float enters it.
class Money {
 public:
  constexpr Money() = default;
  constexpr explicit Money(__int128 picodollars) : picodollars_(picodollars) {}

  constexpr __int128 picodollars() const { return picodollars_; }
  /// For metrics and charts: the nearest double of the amount in USD.
  double usd() const;

  constexpr Money& operator+=(Money other) {
    picodollars_ += other.picodollars_;
    return *this;
  }
  friend constexpr Money operator+(Money a, Money b) { return a += b; }
  friend constexpr Money operator-(Money a, Money b) {
    return Money(a.picodollars_ - b.picodollars_);
  }
  friend constexpr bool operator==(Money, Money) = default;
  friend constexpr auto operator<=>(Money, Money) = default;

 private:
  __int128 picodollars_ = 0;
};

/// `count` tokens at `price` each.
constexpr Money times(Picodollars price, std::int64_t count) {
  return Money(static_cast<__int128>(price) * count);
}

/// Decimal USD per million tokens, such as "0.55" -> 550,000 picodollars per token. Digits, at
/// most one point, an optional exponent. Throws Error naming `where` for other text, a negative
/// price, one finer than a picodollar per token, or one above 1,000,000 USD.
Picodollars parse_price(std::string_view usd_per_mtok, const std::string& where);

/// A decimal amount of USD, such as "0.08"; throws like parse_price, to the picodollar.
Money parse_usd(std::string_view usd, const std::string& where);

/// The inverse of picodollars_text, for numbers computed elsewhere: an optional sign and digits;
/// what follows a point is dropped. At most 38 digits.
Money whole_picodollars(std::string_view digits);

/// The digits of the amount in picodollars.
std::string picodollars_text(Money amount);
/// The exact decimal, without trailing zeros: "0.0000123", "-1.5", "0".
std::string usd_text(Money amount);
/// A price as USD per million tokens, exactly: "0.55".
std::string price_text(Picodollars price);

}  // namespace pingjia::harness

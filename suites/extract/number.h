#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pingjia::suites {

/// (-1)^negative x digits x 10^exponent; digits without zeros at either end, empty for zero, so
/// that equal values are equal members.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;

  bool operator==(const Decimal&) const = default;
};

/// An exact number as answers give it: a decimal, or a fraction of two, times a power of ten that a
/// word said ("3 million": scale 6).
struct Number {
  Decimal value;
  std::optional<Decimal> divisor;  ///< Not zero.
  int scale = 0;
  bool percent = false;  ///< A % or "percent" follows; the value is what stands before it.

  /// "-1250.5", "3/4", "1e100" where digits alone would be long; the scale is applied.
  std::string text() const;
};

/// Whether two numbers are equal, with or without what their words scale. Exact: 2.50 = 2.5,
/// 1e3 = 1000, 0.5 = 1/2. Nothing where fractions of more than 400 digits would have to be
/// multiplied.
std::optional<bool> equal(const Number& a, const Number& b, bool scaled = true);

/// Where a number stands in a text, sign and currency included.
struct FoundNumber {
  Number number;
  std::size_t begin = 0;  ///< Of its first digit, point or \frac.
  std::size_t end = 0;    ///< After its last digit, exponent or scale.
};

/// The first number at or after `from` in a text that has been folded and stripped of markup.
/// Knows signs, thousands (1,234,567 and 12,34,567), .5, 1.5e3, 1.5 x 10^3, a/b, a b/c,
/// \frac{a}{b}, thousand to trillion, 50k, 3M, 万 and 亿. Digits within words, exponents and
/// indices
/// ("H2O", "cm^2", "x_1") are no numbers. Linear in the text.
std::optional<FoundNumber> find_number(std::string_view text, std::size_t from = 0);

/// The last one.
std::optional<FoundNumber> find_last_number(std::string_view text);

}  // namespace pingjia::suites

#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace pingjia::suites {

/// A rational number of arbitrary size: numerator over a positive denominator. Unlike a library's
/// rational it is reduced only while it is short: the greatest common divisor of long numbers costs
/// more than carrying them. `Integer` is a Boost.Multiprecision integer.
template <class Integer>
struct Fraction {
  Integer top = 0;
  Integer bottom = 1;

  Fraction() = default;
  Fraction(Integer whole) : top(std::move(whole)) {}  // NOLINT(google-explicit-constructor)
  Fraction(Integer over, Integer under) : top(std::move(over)), bottom(std::move(under)) {
    if (bottom < 0) {
      top = -top;
      bottom = -bottom;
    }
    constexpr std::int64_t kShort = 320;
    if (bottom != 1 && bits() <= kShort) {
      const Integer common = gcd(top, bottom);
      top /= common;
      bottom /= common;
    }
  }

  static std::int64_t bits_of(const Integer& value) {
    return value == 0 ? 0 : static_cast<std::int64_t>(msb(abs(value))) + 1;
  }
  std::int64_t bits() const { return bits_of(top) + bits_of(bottom); }

  /// The number when it is a whole one.
  std::optional<Integer> whole() const {
    if (bottom == 1) return top;
    Integer quotient;
    Integer rest;
    divide_qr(top, bottom, quotient, rest);
    return rest == 0 ? std::optional(quotient) : std::nullopt;
  }
  /// The greatest whole number below or at it.
  Integer floor() const {
    Integer quotient;
    Integer rest;
    divide_qr(top, bottom, quotient, rest);
    if (rest != 0 && top < 0) --quotient;
    return quotient;
  }

  friend Fraction operator+(const Fraction& a, const Fraction& b) {
    if (a.bottom == b.bottom) return {a.top + b.top, a.bottom};
    return {a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom};
  }
  friend Fraction operator-(const Fraction& a) { return {-a.top, a.bottom}; }
  friend Fraction operator-(const Fraction& a, const Fraction& b) { return a + (-b); }
  friend Fraction operator*(const Fraction& a, const Fraction& b) {
    return {a.top * b.top, a.bottom * b.bottom};
  }
  /// `b` is not zero.
  friend Fraction operator/(const Fraction& a, const Fraction& b) {
    return {a.top * b.bottom, a.bottom * b.top};
  }
  friend bool operator==(const Fraction& a, const Fraction& b) {
    return a.top * b.bottom == b.top * a.bottom;
  }
  friend bool operator<(const Fraction& a, const Fraction& b) {
    return a.top * b.bottom < b.top * a.bottom;
  }
};

template <class Integer>
Integer power_of_ten(std::size_t exponent) {
  return pow(Integer(10), static_cast<unsigned>(exponent));
}

/// Digits alone; Boost reads a leading 0 as octal.
template <class Integer>
Integer integer_of(std::string digits) {
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  return digits.empty() ? Integer(0) : Integer(digits);
}

/// The value of a number's text: "12.50", "1.5e3", and "0.1(6)", whose brackets repeat. Nothing
/// beyond 4,000 digits.
template <class Integer>
std::optional<Fraction<Integer>> decimal_value(const std::string& text) {
  constexpr std::size_t kMostDigits = 4'000;
  constexpr int kMostExponent = 4'000;
  if (text.size() > kMostDigits) return std::nullopt;
  const auto e = text.find('e');
  const auto mantissa = text.substr(0, e);
  const auto point = std::min(mantissa.find('.'), mantissa.size());
  const auto repeat = std::min(mantissa.find('('), mantissa.size());
  const auto whole = mantissa.substr(0, std::min(point, repeat));
  const auto fraction = point < repeat ? mantissa.substr(point + 1, repeat - point - 1) : "";
  Fraction<Integer> value(integer_of<Integer>(whole + fraction),
                          power_of_ten<Integer>(fraction.size()));
  if (repeat < mantissa.size()) {
    const auto cycle = mantissa.substr(repeat + 1, mantissa.size() - repeat - 2);
    const Integer nines = power_of_ten<Integer>(cycle.size()) - 1;
    value = value + Fraction<Integer>(integer_of<Integer>(cycle),
                                      power_of_ten<Integer>(fraction.size()) * nines);
  }
  if (e == std::string::npos) return value;
  const int exponent = std::stoi(text.substr(e + 1));
  if (std::abs(exponent) > kMostExponent) return std::nullopt;
  const Integer scale = power_of_ten<Integer>(static_cast<std::size_t>(std::abs(exponent)));
  return exponent < 0 ? value * Fraction<Integer>(1, scale) : value * Fraction<Integer>(scale);
}

}  // namespace pingjia::suites

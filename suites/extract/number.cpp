#include "suites/extract/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>

namespace pingjia::suites {

namespace {

// Multiplication is quadratic: longer factors are not worth a hang.
constexpr std::size_t kMostFactorDigits = 400;

// Factors are bounded, so the product is exact and quick.
std::optional<Decimal> multiply(const Decimal& a, const Decimal& b) {
  if (a.digits.empty() || b.digits.empty()) return Decimal{};
  if (a.digits.size() + b.digits.size() > kMostFactorDigits) return std::nullopt;
  using boost::multiprecision::cpp_int;
  Decimal product;
  product.negative = a.negative != b.negative;
  product.digits = cpp_int(cpp_int(a.digits) * cpp_int(b.digits)).str();
  product.exponent = a.exponent + b.exponent;
  const auto last = product.digits.find_last_not_of('0');
  product.exponent += static_cast<std::int64_t>(product.digits.size() - last - 1);
  product.digits.resize(last + 1);
  return product;
}

Decimal shifted(Decimal value, int scale) {
  if (!value.digits.empty()) value.exponent += scale;
  return value;
}

std::string decimal_text(const Decimal& value) {
  if (value.digits.empty()) return "0";
  const std::string sign = value.negative ? "-" : "";
  const auto size = static_cast<std::int64_t>(value.digits.size());
  const std::int64_t whole = size + value.exponent;  // Digits before the point.
  constexpr std::int64_t kMostZeros = 30;
  if (value.exponent > kMostZeros || whole < -kMostZeros) {
    return fmt::format("{}{}e{}", sign, value.digits, value.exponent);
  }
  if (value.exponent >= 0) {
    return sign + value.digits + std::string(static_cast<std::size_t>(value.exponent), '0');
  }
  if (whole <= 0) {
    return sign + "0." + std::string(static_cast<std::size_t>(-whole), '0') + value.digits;
  }
  std::string digits = value.digits;
  digits.insert(static_cast<std::size_t>(whole), ".");
  return sign + digits;
}

}  // namespace

std::string Number::text() const {
  const auto top = decimal_text(shifted(value, scale));
  return divisor ? top + "/" + decimal_text(*divisor) : top;
}

std::optional<bool> equal(const Number& a, const Number& b, bool scaled) {
  const auto left = shifted(a.value, scaled ? a.scale : 0);
  const auto right = shifted(b.value, scaled ? b.scale : 0);
  if (!a.divisor && !b.divisor) return left == right;
  const Decimal one{false, "1", 0};
  const auto crossed_left = multiply(left, b.divisor.value_or(one));
  const auto crossed_right = multiply(right, a.divisor.value_or(one));
  if (!crossed_left || !crossed_right) return std::nullopt;
  return *crossed_left == *crossed_right;
}

std::optional<FoundNumber> find_last_number(std::string_view text) {
  std::optional<FoundNumber> last;
  std::size_t from = 0;
  while (auto found = find_number(text, from)) {
    from = found->end;
    last = std::move(found);
  }
  return last;
}

}  // namespace pingjia::suites

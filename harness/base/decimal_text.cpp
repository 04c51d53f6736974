#include "harness/base/decimal_text.h"

#include <charconv>

namespace pingjia::harness {

namespace {

constexpr int kLargestExponent = 30;

std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
  const auto digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

// The exponent at the start of `text`, which it must end; 0 where there is none.
std::optional<int> exponent_of(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] != 'e' && text[0] != 'E') return std::nullopt;
  text.remove_prefix(1);
  if (!text.empty() && text[0] == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text[0] == '-') return std::nullopt;
  }
  int exponent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (exponent > kLargestExponent || exponent < -kLargestExponent) return std::nullopt;
  return exponent;
}

}  // namespace

std::optional<std::string> plain_decimal(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  std::string whole(take_digits(text));
  std::string fraction;
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  if (whole.empty() && fraction.empty()) return std::nullopt;
  const auto exponent = exponent_of(text);
  if (!exponent) return std::nullopt;
  // Move the point by moving digits over it.
  if (*exponent > 0) {
    const auto moved = static_cast<std::size_t>(*exponent);
    if (fraction.size() < moved) fraction.append(moved - fraction.size(), '0');
    whole += fraction.substr(0, moved);
    fraction.erase(0, moved);
  } else if (*exponent < 0) {
    const auto moved = static_cast<std::size_t>(-*exponent);
    if (whole.size() < moved) whole.insert(0, moved - whole.size(), '0');
    fraction.insert(0, whole.substr(whole.size() - moved));
    whole.erase(whole.size() - moved);
  }
  const auto first = whole.find_first_not_of('0');
  whole = first == std::string::npos ? "0" : whole.substr(first);
  return (negative ? "-" : "") + whole + (fraction.empty() ? "" : "." + fraction);
}

}  // namespace pingjia::harness

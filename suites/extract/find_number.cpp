#include <algorithm>
#include <array>
#include <boost/multiprecision/cpp_int.hpp>
#include <charconv>
#include <utility>

#include "suites/extract/ascii.h"
#include "suites/extract/number.h"

namespace pingjia::suites {

namespace {

using View = std::string_view;
using boost::multiprecision::cpp_int;

// Letters that may stand right before a number.
constexpr std::array<View, 14> kCurrencyCodes = {"USD", "EUR", "GBP", "CNY", "RMB", "JPY", "INR",
                                                 "AUD", "CAD", "HKD", "Rs",  "RM",  "CHF", "US"};
constexpr std::array<View, 9> kCurrencySigns = {"$", "€", "£", "¥", "₹", "₩", "₽", "₫", "฿"};
constexpr std::array<std::pair<View, int>, 7> kScales = {{{"hundred", 2},
                                                          {"thousand", 3},
                                                          {"million", 6},
                                                          {"billion", 9},
                                                          {"trillion", 12},
                                                          {"万", 4},
                                                          {"亿", 8}}};

bool starts_with_word(View text, View word) {
  return text.size() >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin(),
                    [](char expected, char c) { return expected == lower(c); });
}

// These only right behind the last digit: "50k", "$3M".
constexpr std::array<std::pair<View, int>, 4> kScaleLetters = {
    {{"k", 3}, {"K", 3}, {"M", 6}, {"bn", 9}}};

// Digits of a text that may hold separators, as a Decimal x 10^exponent.
Decimal decimal_of(View whole, View fraction, std::int64_t exponent) {
  Decimal value;
  value.digits.reserve(whole.size() + fraction.size());
  for (const char c : whole) {
    if (is_digit(c)) value.digits += c;
  }
  value.digits += fraction;
  value.exponent = exponent - static_cast<std::int64_t>(fraction.size());
  const auto first = value.digits.find_first_not_of('0');
  if (first == std::string::npos) return {};
  const auto last = value.digits.find_last_not_of('0');
  value.exponent += static_cast<std::int64_t>(value.digits.size() - last - 1);
  value.digits = value.digits.substr(first, last - first + 1);
  return value;
}

// Reads one number forwards from its first digit.
class NumberReader {
 public:
  NumberReader(View text, std::size_t begin) : text_(text), at_(begin) {}

  // Nothing for what looks like one and is none, such as the 2 of 2^10; `end` is then after it.
  std::optional<Number> read();
  std::size_t end() const { return at_; }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  View rest() const { return text_.substr(at_); }
  std::size_t digits_at(std::size_t position) const {
    std::size_t count = 0;
    while (position + count < text_.size() && is_digit(text_[position + count])) ++count;
    return count;
  }
  std::size_t after_spaces(std::size_t position) const {
    while (position < text_.size() && text_[position] == ' ') ++position;
    return position;
  }
  bool take(View word) {
    if (!rest().starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  View read_whole();
  std::size_t grouped_length(std::size_t first) const;
  std::optional<std::int64_t> read_integer();
  std::int64_t read_exponent();
  bool read_power(std::int64_t& exponent);
  bool is_power() const;
  int read_scale();
  std::optional<std::pair<View, View>> read_fraction();

  View text_;
  std::size_t at_;
};

// Length of digits with separators at at_, whose first run has `first` digits: groups of three, or
// the Indian groups of two before a last one of three.
std::size_t NumberReader::grouped_length(std::size_t first) const {
  if (first > 3) return first;
  std::size_t end = at_ + first;
  while (end < text_.size() && text_[end] == ',' && digits_at(end + 1) == 3) end += 4;
  if (end > at_ + first || first > 2) return end - at_;
  while (end < text_.size() && text_[end] == ',' && digits_at(end + 1) == 2) end += 3;
  const bool closed =
      end > at_ + first && end < text_.size() && text_[end] == ',' && digits_at(end + 1) == 3;
  return closed ? end + 4 - at_ : first;
}

View NumberReader::read_whole() {
  const auto whole = text_.substr(at_, grouped_length(digits_at(at_)));
  at_ += whole.size();
  return whole;
}

// A signed integer of at most nine digits.
std::optional<std::int64_t> NumberReader::read_integer() {
  const bool negative = peek() == '-';
  const std::size_t sign = negative || peek() == '+' ? 1 : 0;
  const auto count = digits_at(at_ + sign);
  if (count == 0 || count > 9) return std::nullopt;
  std::int64_t value = 0;
  std::from_chars(text_.data() + at_ + sign, text_.data() + at_ + sign + count, value);
  at_ += sign + count;
  return negative ? -value : value;
}

// "^3", "^{-3}" after a ten.
bool NumberReader::read_power(std::int64_t& exponent) {
  const auto start = at_;
  if (take("^")) {
    const bool braced = take("{");
    if (const auto power = read_integer(); power && (!braced || take("}"))) {
      exponent += *power;
      return true;
    }
  }
  at_ = start;
  return false;
}

// "e5", "x 10^5", "\times 10^{5}"; 0 where there is none.
std::int64_t NumberReader::read_exponent() {
  const auto start = at_;
  if (peek() == 'e' || peek() == 'E') {
    ++at_;
    const auto power = read_integer();
    if (power && !is_letter(peek())) return *power;
    at_ = start;
    return 0;
  }
  at_ = after_spaces(at_);
  for (const View sign : {"×", "x", "*", "\\times", "\\cdot", "·"}) {
    if (!take(sign)) continue;
    at_ = after_spaces(at_);
    std::int64_t exponent = 0;
    if (take("10") && read_power(exponent)) return exponent;
    break;
  }
  at_ = start;
  return 0;
}

// Whether the number is the base of a power; "90^\circ" is not.
bool NumberReader::is_power() const {
  if (peek() != '^') return false;
  std::size_t ahead = 1;
  while (peek(ahead) == '{' || peek(ahead) == '-' || peek(ahead) == ' ') ++ahead;
  return is_digit(peek(ahead));
}

int NumberReader::read_scale() {
  for (const auto& [letter, power] : kScaleLetters) {
    if (!rest().starts_with(letter) || is_letter(peek(letter.size()))) continue;
    at_ += letter.size();
    return power;
  }
  auto at = after_spaces(at_);
  if (at == at_ && peek() == '-') ++at;
  for (const auto& [word, power] : kScales) {
    if (!starts_with_word(text_.substr(at), word)) continue;
    const auto end = at + word.size();
    if (is_letter(word[0]) && end < text_.size() && is_letter(text_[end]) && text_[end] != 's') {
      continue;
    }
    at_ = end;
    return power;
  }
  return 0;
}

// "a/b" or "\frac{a}{b}" at at_, of plain integers.
std::optional<std::pair<View, View>> NumberReader::read_fraction() {
  const auto start = at_;
  const bool latex = take("\\frac{");
  const auto top = text_.substr(at_, digits_at(at_));
  at_ += top.size();
  if (!top.empty() && take(latex ? "}{" : "/")) {
    const auto bottom = text_.substr(at_, digits_at(at_));
    at_ += bottom.size();
    const bool closed = latex ? take("}") : peek() != '/' && !(peek() == '.' && is_digit(peek(1)));
    if (closed && bottom.find_first_not_of('0') != View::npos) return std::pair(top, bottom);
  }
  at_ = start;
  return std::nullopt;
}

cpp_int integer_of(View digits) {
  cpp_int value = 0;
  for (const char c : digits) {
    if (is_digit(c)) value = value * 10 + (c - '0');
  }
  return value;
}

// w n/d as (w d + n) / d.
std::optional<Number> mixed(View whole, View top, View bottom) {
  constexpr std::size_t kMostDigits = 100;
  if (whole.size() + top.size() + bottom.size() > kMostDigits) return std::nullopt;
  const cpp_int sum = integer_of(whole) * integer_of(bottom) + integer_of(top);
  return Number{decimal_of(sum.str(), "", 0), decimal_of(bottom, "", 0), 0, false};
}

std::optional<Number> NumberReader::read() {
  // The 6 of 5/6/2020 is no fraction's top.
  const bool in_date = at_ > 0 && text_[at_ - 1] == '/';
  if (const auto fraction = in_date ? std::nullopt : read_fraction()) {
    return Number{decimal_of(fraction->first, "", 0), decimal_of(fraction->second, "", 0), 0,
                  false};
  }
  if (peek() == '\\') {
    at_ += 6;  // Past a "\frac{" of something else.
    return std::nullopt;
  }
  const auto whole = read_whole();
  View fraction;
  if (peek() == '.' && is_digit(peek(1))) {
    fraction = text_.substr(at_ + 1, digits_at(at_ + 1));
    at_ += 1 + fraction.size();
  }
  std::int64_t exponent = 0;
  if (whole == "10" && fraction.empty() && read_power(exponent)) {
    return Number{decimal_of("1", "", exponent), std::nullopt, 0, false};
  }
  if (is_power()) return std::nullopt;
  if (fraction.empty()) {
    const auto after_whole = at_;
    at_ = after_spaces(at_);
    const bool spaced = at_ > after_whole || peek() == '\\';
    if (const auto part = spaced ? read_fraction() : std::nullopt) {
      return mixed(whole, part->first, part->second);
    }
    at_ = after_whole;
  }
  exponent = read_exponent();
  auto value = decimal_of(whole, fraction, exponent);
  const int scale = read_scale();
  const auto after = text_.substr(after_spaces(at_));
  const bool percent = after.starts_with('%') || starts_with_word(after, "percent");
  return Number{std::move(value), std::nullopt, scale, percent};
}

// The letters that end right before `at`: a word, or a LaTeX command.
bool letters_allow(View text, std::size_t at) {
  std::size_t begin = at;
  constexpr std::size_t kLongestWord = 16;
  while (begin > 0 && at - begin < kLongestWord && is_letter(text[begin - 1])) --begin;
  if (begin == at) return true;
  if (begin > 0 && text[begin - 1] == '\\') return true;
  const auto word = text.substr(begin, at - begin);
  return std::find(kCurrencyCodes.begin(), kCurrencyCodes.end(), word) != kCurrencyCodes.end();
}

// Whether a digit at `at` begins a number, by what stands before it.
bool may_begin(View text, std::size_t at) {
  auto before = text.substr(0, at);
  if (before.ends_with('.') && at >= 2 && is_digit(text[at - 2])) return false;
  if (before.ends_with('-')) before.remove_suffix(1);
  if (before.ends_with('{')) before.remove_suffix(1);
  if (before.ends_with('^') || before.ends_with('_')) return false;
  return letters_allow(text, at);
}

bool is_negative(View text, std::size_t at) {
  auto before = text.substr(0, at);
  if (!before.ends_with('-')) {
    for (const auto sign : kCurrencySigns) {
      if (before.ends_with(sign)) {
        before.remove_suffix(sign.size());
        break;
      }
    }
  }
  if (!before.ends_with('-')) return false;
  before.remove_suffix(1);
  if (before.empty()) return true;
  // After these a dash joins or subtracts.
  const char c = before.back();
  return !(is_digit(c) || is_letter(c) || c == ')' || c == '}' || c == '%' || c == '-');
}

}  // namespace

std::optional<FoundNumber> find_number(View text, std::size_t from) {
  for (std::size_t at = from; at < text.size();) {
    const bool digit = is_digit(text[at]);
    const bool point = text[at] == '.' && at + 1 < text.size() && is_digit(text[at + 1]) &&
                       (at == 0 || !is_digit(text[at - 1]));
    const bool fraction = text[at] == '\\' && text.substr(at).starts_with("\\frac{");
    if (!digit && !point && !fraction) {
      ++at;
      continue;
    }
    if (!fraction && !may_begin(text, at)) {
      ++at;
      while (at < text.size() && is_digit(text[at])) ++at;
      continue;
    }
    NumberReader reader(text, at);
    if (auto number = reader.read()) {
      number->value.negative = !number->value.digits.empty() && is_negative(text, at);
      return FoundNumber{std::move(*number), at, reader.end()};
    }
    at = std::max(reader.end(), at + 1);
  }
  return std::nullopt;
}

}  // namespace pingjia::suites

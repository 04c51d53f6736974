#include "suites/math/exact.h"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <optional>

#include "suites/math/sample_point.h"

namespace pingjia::suites {

namespace {

using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;
using enum NodeKind;

constexpr std::int64_t kMostBits = 40'000;
constexpr int kTrials = 4;

std::int64_t bits(const cpp_int& value) {
  return value == 0 ? 0 : static_cast<std::int64_t>(msb(abs(value))) + 1;
}
std::int64_t bits(const cpp_rational& value) {
  return bits(numerator(value)) + bits(denominator(value));
}

cpp_int power_of_ten(std::size_t exponent) {
  return pow(cpp_int(10), static_cast<unsigned>(exponent));
}

// cpp_int reads a leading 0 as octal.
cpp_int integer_of(std::string digits) {
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  return digits.empty() ? cpp_int(0) : cpp_int(digits);
}

// "12.50", "1.5e3", "0.1(6)".
std::optional<cpp_rational> decimal_value(const std::string& text) {
  constexpr std::size_t kMostDigits = 4'000;
  constexpr int kMostExponent = 4'000;
  if (text.size() > kMostDigits) return std::nullopt;
  const auto e = text.find('e');
  const auto mantissa = text.substr(0, e);
  const auto point = std::min(mantissa.find('.'), mantissa.size());
  const auto repeat = std::min(mantissa.find('('), mantissa.size());
  const auto whole = mantissa.substr(0, point);
  const auto fraction = point < repeat ? mantissa.substr(point + 1, repeat - point - 1) : "";
  cpp_rational value(integer_of(whole + fraction), power_of_ten(fraction.size()));
  if (repeat < mantissa.size()) {
    const auto cycle = mantissa.substr(repeat + 1, mantissa.size() - repeat - 2);
    value += cpp_rational(integer_of(cycle),
                          power_of_ten(fraction.size()) * (power_of_ten(cycle.size()) - 1));
  }
  if (e == std::string::npos) return value;
  const int exponent = std::stoi(text.substr(e + 1));
  if (std::abs(exponent) > kMostExponent) return std::nullopt;
  const cpp_rational scale = power_of_ten(static_cast<std::size_t>(std::abs(exponent)));
  return exponent < 0 ? cpp_rational(value / scale) : cpp_rational(value * scale);
}

std::optional<cpp_int> whole(const cpp_rational& value) {
  if (denominator(value) != 1) return std::nullopt;
  return numerator(value);
}

std::optional<int> small(const cpp_rational& value, int most) {
  const auto integer = whole(value);
  if (!integer || abs(*integer) > most) return std::nullopt;
  return integer->convert_to<int>();
}

// The n-th root when it is whole; by bisection on its bits.
std::optional<cpp_int> whole_root(const cpp_int& value, int n) {
  if (value < 0) return std::nullopt;
  if (value <= 1) return value;
  cpp_int low = 1;
  cpp_int high = cpp_int(1) << static_cast<unsigned>(bits(value) / n + 1);
  while (low < high) {
    const cpp_int middle = (low + high) / 2;
    const cpp_int raised = pow(middle, static_cast<unsigned>(n));
    if (raised == value) return middle;
    if (raised < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return pow(low, static_cast<unsigned>(n)) == value ? std::optional(low) : std::nullopt;
}

class Exact {
 public:
  using Value = std::optional<cpp_rational>;

  Exact(Budget& budget, Region region, int trial)
      : budget_(budget), region_(region), trial_(trial) {}

  /// Nothing where it is no rational number, or too long a one.
  Value value(const Expression& node) {
    auto result = compute(*node);
    if (!result || !pay(*result)) return std::nullopt;
    return result;
  }
  bool undefined() const { return undefined_; }

 private:
  // For one operation with this result; measured, and mostly its greatest common divisor.
  bool pay(const cpp_rational& result) {
    const auto limbs = bits(result) / 64 + 1;
    const bool whole = denominator(result) == 1;
    return limbs * 64 <= kMostBits && budget_.spend(60 + limbs * (whole ? 4 : 100 + 12 * limbs));
  }
  Value compute(const Node& node);
  Value symbol(const std::string& name) const;
  Value quotient(const cpp_rational& a, const cpp_rational& b);
  Value power(const Expression& base, const Expression& exponent);
  Value root(const cpp_rational& value, int degree) const;
  Value call(const Node& node);
  Value whole_call(const std::string& name, const std::vector<cpp_rational>& arguments);
  Value factorial(const cpp_rational& value);
  Value binomial(const cpp_rational& n, const cpp_rational& k);
  Value series(const Node& node);
  Value determinant(const Node& matrix);
  bool all(const Node& node, std::vector<cpp_rational>& values);

  Budget& budget_;
  Region region_;
  int trial_;
  std::vector<std::pair<std::string, cpp_rational>> bound_;  // indices of sums
  bool undefined_ = false;
};

Exact::Value Exact::symbol(const std::string& name) const {
  for (auto entry = bound_.rbegin(); entry != bound_.rend(); ++entry) {
    if (entry->first == name) return entry->second;
  }
  const int value = sample_value(name, region_, trial_);
  return cpp_rational(region_ == Region::kWhole ? value / 1024 : value);
}

bool Exact::all(const Node& node, std::vector<cpp_rational>& values) {
  for (const auto& child : node.children) {
    auto one = value(child);
    if (!one) return false;
    values.push_back(std::move(*one));
  }
  return true;
}

Exact::Value Exact::compute(const Node& node) {
  std::vector<cpp_rational> parts;
  switch (node.kind) {
    case kNumber:
      return decimal_value(node.text);
    case kSymbol:
      return symbol(node.text);
    case kPower:
      return power(node.children[0], node.children[1]);
    case kCall:
      return call(node);
    case kSum:
    case kProduct:
    case kQuotient:
    case kNegative:
    case kFactorial:
    case kPercent:
    case kDegree:
    case kRatio:
      break;
    default:
      return std::nullopt;
  }
  if (!all(node, parts)) return std::nullopt;
  cpp_rational result = parts[0];
  switch (node.kind) {
    case kNegative:
      return -result;
    case kPercent:
      return cpp_rational(result / 100);
    case kDegree:
      return result;
    case kFactorial:
      return factorial(result);
    case kQuotient:
      return quotient(result, parts[1]);
    case kRatio:
      return parts.size() == 2 ? quotient(result, parts[1]) : std::nullopt;
    default:
      for (std::size_t i = 1; i < parts.size(); ++i) {
        if (node.kind == kSum) {
          result += parts[i];
        } else {
          result *= parts[i];
        }
        if (!pay(result)) return std::nullopt;
      }
      return result;
  }
}

Exact::Value Exact::quotient(const cpp_rational& a, const cpp_rational& b) {
  if (b == 0) {
    undefined_ = true;
    return std::nullopt;
  }
  return cpp_rational(a / b);
}

Exact::Value Exact::root(const cpp_rational& value, int degree) const {
  constexpr int kMostDegree = 64;
  if (degree < 1 || degree > kMostDegree || bits(value) > 4'000) return std::nullopt;
  if (value < 0 && degree % 2 == 0) return std::nullopt;
  const auto top = whole_root(abs(numerator(value)), degree);
  const auto bottom = whole_root(denominator(value), degree);
  if (!top || !bottom) return std::nullopt;
  const cpp_rational found(*top, *bottom);
  return value < 0 ? -found : found;
}

Exact::Value Exact::power(const Expression& base, const Expression& exponent) {
  const auto a = value(base);
  const auto b = a ? value(exponent) : std::nullopt;
  if (!b) return std::nullopt;
  constexpr int kMostExponent = 1'000'000;
  const auto n = small(cpp_rational(numerator(*b)), kMostExponent);
  const auto degree = small(cpp_rational(denominator(*b)), 64);
  if (!n || !degree) return std::nullopt;
  const auto rooted = *degree == 1 ? a : root(*a, *degree);
  if (!rooted) return std::nullopt;
  if (*rooted == 0 && *n <= 0) {
    // 0^0 is 1 by the convention of combinatorics and of every published grader.
    if (*n == 0) return cpp_rational(1);
    undefined_ = true;
    return std::nullopt;
  }
  const int times = std::abs(*n);
  if (bits(*rooted) * times > 2 * kMostBits && abs(*rooted) != 1) return std::nullopt;
  const auto limbs = bits(*rooted) * times / 64 + 1;
  if (!budget_.spend(limbs * limbs)) return std::nullopt;
  if (abs(*rooted) == 1) return times % 2 == 0 ? cpp_rational(1) : *rooted;
  const cpp_rational raised(pow(numerator(*rooted), static_cast<unsigned>(times)),
                            pow(denominator(*rooted), static_cast<unsigned>(times)));
  return *n < 0 ? cpp_rational(1 / raised) : raised;
}

Exact::Value Exact::factorial(const cpp_rational& value) {
  constexpr int kMost = 3'200;
  const auto n = small(value, kMost);
  if (!n || *n < 0 || !budget_.spend(std::int64_t{*n} * (*n / 8 + 20))) return std::nullopt;
  cpp_int product = 1;
  for (int i = 2; i <= *n; ++i) product *= i;
  return cpp_rational(product);
}

Exact::Value Exact::binomial(const cpp_rational& n, const cpp_rational& k) {
  constexpr int kMost = 2'000;
  auto lower = small(k, kMost);
  if (!lower || bits(n) > 2'000) return std::nullopt;
  if (*lower < 0) return cpp_rational(0);
  if (const auto upper = small(n, kMost); upper && *upper >= *lower) {
    lower = std::min(*lower, *upper - *lower);
  }
  if (const auto upper = whole(n)) {
    cpp_int result = 1;
    for (int i = 0; i < *lower; ++i) {
      result = result * (*upper - i) / (i + 1);
      if (bits(result) > kMostBits || !budget_.spend(60 + bits(result) / 8)) return std::nullopt;
    }
    return cpp_rational(result);
  }
  cpp_rational result = 1;
  for (int i = 0; i < *lower; ++i) {
    result *= n - i;
    result /= i + 1;
    if (!pay(result)) return std::nullopt;
  }
  return result;
}

// \sum_{k=1}^{n} and \prod over whole bounds.
Exact::Value Exact::series(const Node& node) {
  constexpr int kMostTerms = 2'000;
  if (node.children.size() != 3 || node.children[0]->kind != kRelation) return std::nullopt;
  const Node& start = *node.children[0];
  if (start.text != "=" || start.children[0]->kind != kSymbol) return std::nullopt;
  const auto low = value(start.children[1]);
  const auto high = value(node.children[1]);
  const auto first = low ? small(*low, 1'000'000) : std::nullopt;
  const auto last = high ? small(*high, 1'000'000) : std::nullopt;
  if (!first || !last || *last - *first >= kMostTerms) return std::nullopt;
  cpp_rational result = node.text == "sum" ? 0 : 1;
  bound_.emplace_back(start.children[0]->text, 0);
  for (int k = *first; k <= *last; ++k) {
    bound_.back().second = k;
    const auto term = value(node.children[2]);
    if (term && node.text == "sum") {
      result += *term;
    } else if (term) {
      result *= *term;
    }
    if (!term || !pay(result)) {
      bound_.pop_back();
      return std::nullopt;
    }
  }
  bound_.pop_back();
  return result;
}

// By elimination.
Exact::Value Exact::determinant(const Node& matrix) {
  constexpr std::size_t kMostRows = 8;
  const auto size = matrix.children.size();
  if (size > kMostRows) return std::nullopt;
  std::vector<std::vector<cpp_rational>> rows(size);
  for (std::size_t i = 0; i < size; ++i) {
    if (matrix.children[i]->children.size() != size || !all(*matrix.children[i], rows[i])) {
      return std::nullopt;
    }
  }
  cpp_rational result = 1;
  for (std::size_t column = 0; column < size; ++column) {
    std::size_t pivot = column;
    while (pivot < size && rows[pivot][column] == 0) ++pivot;
    if (pivot == size) return cpp_rational(0);
    if (pivot != column) {
      std::swap(rows[pivot], rows[column]);
      result = -result;
    }
    result *= rows[column][column];
    for (std::size_t row = column + 1; row < size; ++row) {
      const cpp_rational times = rows[row][column] / rows[column][column];
      for (std::size_t i = column; i < size; ++i) rows[row][i] -= times * rows[column][i];
      if (!budget_.spend(5'000)) return std::nullopt;
    }
  }
  return result;
}

Exact::Value Exact::whole_call(const std::string& name, const std::vector<cpp_rational>& arguments) {
  const auto first = whole(arguments[0]);
  const auto second = arguments.size() == 2 ? whole(arguments[1]) : std::nullopt;
  if (!first || !second) return std::nullopt;
  if (name == "gcd") return cpp_rational(gcd(*first, *second));
  if (name == "lcm") return cpp_rational(lcm(*first, *second));
  if (*second == 0) return std::nullopt;
  cpp_int rest = *first % *second;
  if (rest < 0) rest += abs(*second);
  return cpp_rational(rest);
}

Exact::Value Exact::call(const Node& node) {
  const auto& name = node.text;
  if (name == "sum" || name == "prod") return series(node);
  if (name == "det" && node.children[0]->kind == kMatrix) return determinant(*node.children[0]);
  const bool known = name == "abs" || name == "floor" || name == "ceil" || name == "sqrt" ||
                     name == "root" || name == "binom" || name == "max" || name == "min" ||
                     name == "gcd" || name == "lcm" || name == "mod";
  std::vector<cpp_rational> arguments;
  if (!known || !all(node, arguments)) return std::nullopt;
  const auto& x = arguments[0];
  if (name == "abs") return cpp_rational(abs(x));
  if (name == "sqrt") return root(x, 2);
  if (name == "root") {
    const auto degree = small(arguments[1], 64);
    return degree ? root(x, *degree) : std::nullopt;
  }
  if (name == "binom") return binomial(x, arguments[1]);
  if (name == "max") return *std::max_element(arguments.begin(), arguments.end());
  if (name == "min") return *std::min_element(arguments.begin(), arguments.end());
  if (name == "floor" || name == "ceil") {
    cpp_int down = numerator(x) / denominator(x);
    if (x < 0 && cpp_rational(down) != x) --down;
    if (name == "ceil" && cpp_rational(down) != x) ++down;
    return cpp_rational(down);
  }
  return whole_call(name, arguments);
}

}  // namespace

Equality equal_exactly(const Expression& a, const Expression& b, Budget& budget) {
  const bool symbols = !symbols_of(a).empty() || !symbols_of(b).empty();
  const bool whole_points = contains(a, kFactorial) || contains(b, kFactorial);
  int agreed = 0;
  // A point where either is undefined is drawn again; a third of them may be.
  for (int trial = 0; trial < 3 * kTrials / 2; ++trial) {
    const Region region = whole_points ? Region::kWhole : kRegions[trial % 4];
    Exact left(budget, region, trial);
    Exact right(budget, region, trial);
    const auto x = left.value(a);
    const auto y = x ? right.value(b) : std::nullopt;
    if (!y) {
      if (symbols && (left.undefined() || right.undefined())) continue;
      return Equality::kUnknown;
    }
    if (*x != *y) return Equality::kDifferent;
    if (!symbols || ++agreed == kTrials) return Equality::kEqual;
  }
  return Equality::kUnknown;
}

bool is_rational(const Expression& expression, Budget& budget) {
  if (!symbols_of(expression).empty()) return false;
  return Exact(budget, Region::kPositive, 0).value(expression).has_value();
}

}  // namespace pingjia::suites

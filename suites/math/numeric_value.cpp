#include "suites/math/numeric_value.h"

#include <boost/math/constants/constants.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

namespace pingjia::suites {

namespace {

using enum NodeKind;

template <class Real>
Real read_decimal(const std::string& text) {
  if constexpr (std::is_same_v<Real, double>) {
    return std::strtod(text.c_str(), nullptr);
  } else {
    return Real(text);
  }
}

template <class Real>
Ball<Real> real(const Real& value) {
  return {value, 0, 0};
}

}  // namespace

template <class Real>
bool NumericValue<Real>::all(const Node& node, Arguments& values) {
  for (const auto& child : node.children) {
    auto one = value(child);
    if (!one) return false;
    values.push_back(std::move(*one));
  }
  return true;
}

template <class Real>
std::optional<int> NumericValue<Real>::whole(const Ball<Real>& x, int most) const {
  using std::floor;
  if (!x.is_real() || !(x.re < most) || !(x.re > -most)) return std::nullopt;
  // A quotient such as 6/2 carries an error of its last digit.
  const Real nearest = floor(x.re + Real(0.5));
  const Real off = x.re < nearest ? Real(nearest - x.re) : Real(x.re - nearest);
  if (!(off <= x.error) || !(x.error < Real(1e-9))) return std::nullopt;
  return static_cast<int>(nearest);
}

// "12.5", "1.5e3"; "0.1(6)" as 0.1 + 6/90.
template <class Real>
typename NumericValue<Real>::Value NumericValue<Real>::number(const std::string& text) const {
  using std::pow;
  constexpr std::size_t kMostDigits = 400;
  if (text.size() > kMostDigits) return std::nullopt;
  const auto repeat = text.find('(');
  const Real start = read_decimal<Real>(text.substr(0, repeat));
  Ball<Real> result{start, 0, 0};
  const bool short_whole =
      text.size() <= 15 && text.find_first_not_of("0123456789") == std::string::npos;
  if (repeat != std::string::npos) {
    const auto cycle = text.substr(repeat + 1, text.size() - repeat - 2);
    const auto places = static_cast<int>(repeat - text.find('.') - 1);
    const Real nines = pow(Real(10), static_cast<int>(cycle.size())) - 1;
    result.re += read_decimal<Real>(cycle) / nines / pow(Real(10), places);
  }
  return short_whole ? result : rounded<Real>(result, Real(0));
}

template <class Real>
typename NumericValue<Real>::Value NumericValue<Real>::symbol(const std::string& name) const {
  for (auto entry = bound_.rbegin(); entry != bound_.rend(); ++entry) {
    if (entry->first == name) return entry->second;
  }
  return real<Real>(Real(sample_value(name, region_, trial_)) / 1024);
}

template <class Real>
typename NumericValue<Real>::Value NumericValue<Real>::constant(const std::string& name) const {
  for (const auto& [bound, value] : bound_) {
    if (bound == name) return value;
  }
  if (name == "i") return Ball<Real>{0, 1, 0};
  if (name == "inf") return std::nullopt;
  const Real value = name == "pi" ? boost::math::constants::pi<Real>()
                                  : boost::math::constants::e<Real>();
  return rounded<Real>(real<Real>(value), Real(0));
}

template <class Real>
typename NumericValue<Real>::Value NumericValue<Real>::divide(const Value& a, const Value& b) {
  if (!a || !b) return std::nullopt;
  const auto inverse = invert(*b);
  return inverse ? Value(multiply(*a, *inverse)) : std::nullopt;
}

template <class Real>
typename NumericValue<Real>::Value NumericValue<Real>::whole_power(Ball<Real> base, int exponent) {
  Ball<Real> result = real<Real>(Real(1));
  for (unsigned left = static_cast<unsigned>(std::abs(exponent)); left > 0; left >>= 1U) {
    if (!budget_.spend(price_ / 10)) return std::nullopt;
    if ((left & 1U) != 0) result = multiply(result, base);
    if (left > 1) base = multiply(base, base);
    if (!is_finite(result) || !is_finite(base)) return std::nullopt;
  }
  return exponent < 0 ? invert(result) : Value(result);
}

template <class Real>
typename NumericValue<Real>::Value NumericValue<Real>::root(const Ball<Real>& radicand,
                                                             const Ball<Real>& degree) {
  const auto n = whole(degree, 1000);
  if (n && *n == 2) {
    if (radicand.is_real() && radicand.re < 0) left_reals_ = true;
    return square_root(radicand);
  }
  const auto inverse = invert(degree);
  return inverse ? power_of(radicand, *inverse) : std::nullopt;
}

template <class Real>
typename NumericValue<Real>::Value NumericValue<Real>::power_of(const Ball<Real>& base,
                                                                 const Ball<Real>& exponent) {
  if (const auto n = whole(exponent, 1'000'000)) {
    if (*n == 0) return real<Real>(Real(1));
    return whole_power(base, *n);
  }
  if (modulus(base) == 0 && base.error == 0) {
    return exponent.is_real() && exponent.re > exponent.error ? Value(Ball<Real>{0, 0, 0}) : Value();
  }
  if (!budget_.spend(2 * price_)) return std::nullopt;
  if (base.is_real() && base.re < 0) left_reals_ = true;
  const auto log = logarithm(base);
  return log ? exponential(multiply(*log, exponent)) : std::nullopt;
}

template <class Real>
typename NumericValue<Real>::Value NumericValue<Real>::power(const Node& node) {
  const auto base = value(node.children[0]);
  const auto exponent = base ? value(node.children[1]) : std::nullopt;
  if (!exponent) return std::nullopt;
  const Node& power = *node.children[1];
  // x^{1/2} is the root, x^{1/3} that of a negative number too, as ∛x is.
  if (power.kind == kQuotient && power.children[0]->kind == kNumber &&
      power.children[1]->kind == kNumber && base->is_real()) {
    const auto n = whole(real<Real>(read_decimal<Real>(power.children[0]->text)), 1000);
    const auto degree = real<Real>(read_decimal<Real>(power.children[1]->text));
    const auto odd = whole(degree, 1000);
    if (n && odd && (*odd == 2 || (*odd % 2 != 0 && base->re < 0))) {
      const auto rooted = *odd == 2 ? root(*base, degree)
                                    : power_of(negate(*base), *divide(real<Real>(Real(1)), degree));
      if (!rooted) return std::nullopt;
      return whole_power(*odd == 2 ? *rooted : negate(*rooted), *n);
    }
  }
  return power_of(*base, *exponent);
}

template <class Real>
typename NumericValue<Real>::Value NumericValue<Real>::factorial(const Ball<Real>& of) const {
  const auto n = whole(of, 3'000);
  if (!n || *n < 0) return std::nullopt;
  Ball<Real> product = real<Real>(Real(1));
  for (int i = 2; i <= *n; ++i) product = multiply(product, real<Real>(Real(i)));
  return budget_.spend(*n * 100) ? Value(product) : std::nullopt;
}

template <class Real>
typename NumericValue<Real>::Value NumericValue<Real>::leaf(const Node& node) {
  switch (node.kind) {
    case kNumber:
      return number(node.text);
    case kSymbol:
      return symbol(node.text);
    case kConstant:
      return constant(node.text);
    default:
      opaque_ = true;
      return symbol(node.text);
  }
}

template <class Real>
typename NumericValue<Real>::Value NumericValue<Real>::compute(const Node& node) {
  switch (node.kind) {
    case kNumber:
    case kSymbol:
    case kConstant:
    case kWord:
      return leaf(node);
    case kPower:
      return power(node);
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
  Arguments parts;
  if (!all(node, parts)) return std::nullopt;
  switch (node.kind) {
    case kNegative:
      return negate(parts[0]);
    case kPercent:
      return divide(parts[0], real<Real>(Real(100)));
    case kDegree:
      if (in_angle_ == 0) return parts[0];
      return multiply(parts[0], *divide(constant("pi"), real<Real>(Real(180))));
    case kFactorial:
      return factorial(parts[0]);
    case kQuotient:
    case kRatio:
      return parts.size() == 2 ? divide(parts[0], parts[1]) : std::nullopt;
    default:
      for (std::size_t i = 1; i < parts.size(); ++i) {
        parts[0] = node.kind == kSum ? add(parts[0], parts[i]) : multiply(parts[0], parts[i]);
      }
      return parts[0];
  }
}

using Precise = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>,
                                              boost::multiprecision::et_off>;

template std::optional<Ball<double>> NumericValue<double>::compute(const Node&);
template std::optional<Ball<Precise>> NumericValue<Precise>::compute(const Node&);
template bool NumericValue<double>::all(const Node&, Arguments&);
template bool NumericValue<Precise>::all(const Node&, Arguments&);
template std::optional<int> NumericValue<double>::whole(const Ball<double>&, int) const;
template std::optional<int> NumericValue<Precise>::whole(const Ball<Precise>&, int) const;
template std::optional<Ball<double>> NumericValue<double>::divide(const Value&, const Value&);
template std::optional<Ball<Precise>> NumericValue<Precise>::divide(const Value&, const Value&);
template std::optional<Ball<double>> NumericValue<double>::root(const Ball<double>&,
                                                                const Ball<double>&);
template std::optional<Ball<Precise>> NumericValue<Precise>::root(const Ball<Precise>&,
                                                                  const Ball<Precise>&);
template std::optional<Ball<double>> NumericValue<double>::symbol(const std::string&) const;
template std::optional<Ball<Precise>> NumericValue<Precise>::symbol(const std::string&) const;

}  // namespace pingjia::suites

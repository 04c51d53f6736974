#include "suites/math/numeric.h"

#include <algorithm>
#include <boost/multiprecision/cpp_bin_float.hpp>

#include "suites/math/numeric_value.h"

namespace pingjia::suites {

namespace {

using Precise = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>,
                                              boost::multiprecision::et_off>;

// Prices of an elementary function in units of Budget.
constexpr std::int64_t kDoublePrice = 200;
constexpr std::int64_t kPrecisePrice = 20'000;
constexpr std::size_t kMostSymbols = 12;
constexpr int kMostNeeded = 2;

enum class Outcome { kSame, kOff, kNoEvidence, kOpaque, kUnclear };

template <class Real>
bool tight(const Ball<Real>& a, const Real& error) {
  if constexpr (std::is_same_v<Real, double>) {
    return true;  // to be confirmed
  } else {
    const Real size = modulus(a);
    return error < Real(1e-20) || (size < Real(1e15) && error < size * Real(1e-25));
  }
}

// At one point. `complex`: the expressions are of complex numbers, so that all values count.
template <class Real>
Outcome compare_at(const Expression& a, const Expression& b, Budget& budget, Region region,
                   int trial, bool complex) {
  const auto price = std::is_same_v<Real, double> ? kDoublePrice : kPrecisePrice;
  NumericValue<Real> left(budget, region, trial, price);
  NumericValue<Real> right(budget, region, trial, price);
  const auto x = left.value(a);
  const auto y = x ? right.value(b) : std::nullopt;
  if (!y) return Outcome::kNoEvidence;
  const Ball<Real> gap = add(*x, negate(*y));
  if (modulus(gap) <= gap.error) {
    return tight(*x, gap.error) ? Outcome::kSame : Outcome::kUnclear;
  }
  if (left.opaque() || right.opaque()) return Outcome::kOpaque;
  // Outside of both real domains branches of roots may differ.
  const bool outside = left.left_reals() && right.left_reals();
  return outside && !complex ? Outcome::kNoEvidence : Outcome::kOff;
}

Equality equality(Outcome outcome) {
  switch (outcome) {
    case Outcome::kSame:
      return Equality::kEqual;
    case Outcome::kOff:
      return Equality::kDifferent;
    default:
      return Equality::kUnknown;
  }
}

Equality equal_values(const Expression& a, const Expression& b, Budget& budget) {
  auto outcome = compare_at<double>(a, b, budget, Region::kPositive, 0, true);
  if (outcome == Outcome::kOff || outcome == Outcome::kOpaque) return equality(outcome);
  outcome = compare_at<Precise>(a, b, budget, Region::kPositive, 0, true);
  return equality(outcome);
}

struct Evidence {
  int same = 0;
  int precise = 0;
  bool off = false;
  bool opaque = false;
};

// Samples until there is a difference, or no region is left.
Evidence sample(const Expression& a, const Expression& b, Budget& budget, bool complex) {
  Evidence found;
  for (int trial = 0; trial < 2; ++trial) {
    for (const Region region : kRegions) {
      const auto outcome = compare_at<double>(a, b, budget, region, trial, complex);
      found.off = found.off || outcome == Outcome::kOff;
      found.opaque = found.opaque || outcome == Outcome::kOpaque;
      if (found.off || found.opaque) return found;
      if (outcome == Outcome::kNoEvidence) continue;
      ++found.same;
      if (found.precise >= kMostNeeded) continue;
      const auto precise = compare_at<Precise>(a, b, budget, region, trial, complex);
      found.off = precise == Outcome::kOff;
      found.opaque = precise == Outcome::kOpaque;
      if (found.off || found.opaque) return found;
      if (precise == Outcome::kSame) ++found.precise;
    }
  }
  return found;
}

bool has_imaginary(const Expression& expression) {
  if (expression->kind == NodeKind::kConstant) return expression->text == "i";
  return std::any_of(expression->children.begin(), expression->children.end(), has_imaginary);
}

}  // namespace

Equality equal_numerically(const Expression& a, const Expression& b, Budget& budget) {
  auto names = symbols_of(a);
  const auto others = symbols_of(b);
  if (names.empty() && others.empty()) return equal_values(a, b, budget);
  if (names.size() > kMostSymbols || others.size() > kMostSymbols) return Equality::kUnknown;
  const bool complex = has_imaginary(a) || has_imaginary(b);
  auto found = sample(a, b, budget, complex);
  if (found.same == 0 && !complex && !found.off && !found.opaque) {
    found = sample(a, b, budget, true);
  }
  if (found.off) return Equality::kDifferent;
  if (found.opaque || budget.spent()) return Equality::kUnknown;
  return found.precise >= kMostNeeded ? Equality::kEqual : Equality::kUnknown;
}

std::optional<double> real_value(const Expression& expression, Budget& budget) {
  if (!symbols_of(expression).empty()) return std::nullopt;
  NumericValue<double> value(budget, Region::kPositive, 0, kDoublePrice);
  const auto found = value.value(expression);
  if (!found || !found->is_real() || value.opaque()) return std::nullopt;
  return found->re;
}

std::optional<double> distance(const Expression& a, const Expression& b, Budget& budget) {
  if (!symbols_of(a).empty() || !symbols_of(b).empty()) return std::nullopt;
  NumericValue<Precise> left(budget, Region::kPositive, 0, kPrecisePrice);
  NumericValue<Precise> right(budget, Region::kPositive, 0, kPrecisePrice);
  const auto x = left.value(a);
  const auto y = x ? right.value(b) : std::nullopt;
  if (!y || left.opaque() || right.opaque()) return std::nullopt;
  return static_cast<double>(modulus(add(*x, negate(*y))));
}

}  // namespace pingjia::suites

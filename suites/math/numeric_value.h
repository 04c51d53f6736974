#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "suites/math/ball.h"
#include "suites/math/budget.h"
#include "suites/math/expression.h"
#include "suites/math/sample_point.h"

namespace pingjia::suites {

/// The value of an expression in one precision, at one sample point. Made for double and for 50
/// digits, in numeric_value.cpp and numeric_call.cpp.
template <class Real>
class NumericValue {
 public:
  using Value = std::optional<Ball<Real>>;

  NumericValue(Budget& budget, Region region, int trial, std::int64_t price)
      : budget_(budget), region_(region), trial_(trial), price_(price) {}

  /// Nothing where it is undefined at the point, or not known to any digit.
  Value value(const Expression& node) {
    if (!budget_.spend(price_ / 20)) return std::nullopt;
    auto result = compute(*node);
    if (result && !is_finite(*result)) return std::nullopt;
    return result;
  }
  /// Whether a root or logarithm of a negative real number was taken.
  bool left_reals() const { return left_reals_; }
  /// Whether something that has no value ("f(x)", an integral) was given one by its spelling.
  bool opaque() const { return opaque_; }

 private:
  using Arguments = std::vector<Ball<Real>>;

  Value compute(const Node& node);
  Value leaf(const Node& node);
  Value number(const std::string& text) const;
  Value symbol(const std::string& name) const;
  Value constant(const std::string& name) const;
  Value power(const Node& node);
  Value power_of(const Ball<Real>& base, const Ball<Real>& exponent);
  Value whole_power(Ball<Real> base, int exponent);
  Value root(const Ball<Real>& radicand, const Ball<Real>& degree);
  Value factorial(const Ball<Real>& of) const;
  Value call(const Node& node);
  Value elementary(const std::string& name, const Arguments& x);
  Value trigonometric(const std::string& name, const Ball<Real>& x);
  Value inverse_trigonometric(const std::string& name, const Ball<Real>& x);
  Value hyperbolic(const std::string& name, const Ball<Real>& x);
  Value rounded_down(const Ball<Real>& x, bool up) const;
  Value series(const Node& node);
  Value unknown(const Node& node);
  Value divide(const Value& a, const Value& b);
  bool all(const Node& node, Arguments& values);
  std::optional<int> whole(const Ball<Real>& x, int most) const;

  Budget& budget_;
  Region region_;
  int trial_;
  std::int64_t price_;  // of one elementary function
  std::vector<std::pair<std::string, Ball<Real>>> bound_;
  bool left_reals_ = false;
  bool opaque_ = false;
  int in_angle_ = 0;  // within a trigonometric function, where 30° is π/6
};

}  // namespace pingjia::suites

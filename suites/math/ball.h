#pragma once

#include <cmath>
#include <limits>
#include <optional>

namespace pingjia::suites {

/// A complex number known up to an error: the true value lies within `error` of (re, im). Midpoint
/// and radius arithmetic after van der Hoeven's "Ball arithmetic" (2009), first order with slack.
/// `Real` is double or a Boost.Multiprecision number. An empty optional is "no value known".
template <class Real>
struct Ball {
  Real re{0};
  Real im{0};
  Real error{0};

  bool is_real() const { return im == 0; }
};

template <class Real>
Real unit_error() {
  return std::numeric_limits<Real>::epsilon() * 4;
}

template <class Real>
Real modulus(const Ball<Real>& a) {
  using std::abs;
  using std::sqrt;
  if (a.im == 0) return abs(a.re);
  if (a.re == 0) return abs(a.im);
  return sqrt(a.re * a.re + a.im * a.im);
}

template <class Real>
bool is_finite(const Ball<Real>& a) {
  using std::abs;
  const Real most = std::numeric_limits<Real>::max() / 4;
  // A NaN is not below anything.
  return abs(a.re) < most && abs(a.im) < most && a.error < most;
}

template <class Real>
Ball<Real> rounded(Ball<Real> a, const Real& error) {
  a.error = error + unit_error<Real>() * modulus(a);
  return a;
}

template <class Real>
Ball<Real> add(const Ball<Real>& a, const Ball<Real>& b) {
  const Ball<Real> sum{a.re + b.re, a.im + b.im, 0};
  // The rounding of a sum is relative to the sum; whole numbers stay exact.
  if (a.error == 0 && b.error == 0 && sum.re - a.re == b.re && sum.im - a.im == b.im) return sum;
  return rounded<Real>(sum, a.error + b.error);
}

template <class Real>
Ball<Real> negate(const Ball<Real>& a) {
  return {-a.re, -a.im, a.error};
}

template <class Real>
Ball<Real> multiply(const Ball<Real>& a, const Ball<Real>& b) {
  const Ball<Real> product =
      a.im == 0 && b.im == 0
          ? Ball<Real>{a.re * b.re, 0, 0}
          : Ball<Real>{a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re, 0};
  const Real x = modulus(a);
  const Real y = modulus(b);
  // The rounding is relative to the factors: real and imaginary parts may cancel.
  return {product.re, product.im,
          x * b.error + y * a.error + a.error * b.error + unit_error<Real>() * x * y};
}

/// Nothing where the divisor may be zero.
template <class Real>
std::optional<Ball<Real>> invert(const Ball<Real>& a) {
  const Real size = modulus(a);
  if (!(size > 2 * a.error)) return std::nullopt;
  const Real square = a.re * a.re + a.im * a.im;
  Ball<Real> inverse{a.re / square, a.im == 0 ? Real(0) : Real(-a.im / square), 0};
  if (a.im == 0) inverse.re = 1 / a.re;
  return rounded<Real>(inverse, 2 * a.error / (size * size));
}

/// Nothing where the error is too large for a first-order bound.
template <class Real>
std::optional<Ball<Real>> exponential(const Ball<Real>& a) {
  using std::cos;
  using std::exp;
  using std::sin;
  if (!(a.error < Real(0.01))) return std::nullopt;
  const Real size = exp(a.re);
  const Ball<Real> result = a.im == 0 ? Ball<Real>{size, 0, 0}
                                      : Ball<Real>{size * cos(a.im), size * sin(a.im), 0};
  const Real argument = modulus(a);
  return rounded<Real>(result, size * (2 * a.error + unit_error<Real>() * (1 + argument)));
}

/// The principal logarithm; nothing where the argument may be zero.
template <class Real>
std::optional<Ball<Real>> logarithm(const Ball<Real>& a) {
  using std::atan2;
  using std::log;
  const Real size = modulus(a);
  if (!(size > 2 * a.error)) return std::nullopt;
  const Ball<Real> result{log(size), a.im == 0 && a.re > 0 ? Real(0) : Real(atan2(a.im, a.re)), 0};
  // Near 1 the logarithm is small, its rounding is not.
  return rounded<Real>(result, 2 * a.error / size + unit_error<Real>());
}

/// The principal square root.
template <class Real>
Ball<Real> square_root(const Ball<Real>& a) {
  using std::sqrt;
  const Real size = modulus(a);
  if (a.im == 0) {
    const Real root = sqrt(size);
    const Real error =
        size > 2 * a.error ? Real(a.error / (root == 0 ? Real(1) : root)) : Real(2 * sqrt(a.error + size));
    return rounded<Real>(a.re >= 0 ? Ball<Real>{root, 0, 0} : Ball<Real>{0, root, 0}, error);
  }
  const Real re = sqrt((size + (a.re < 0 ? -a.re : a.re)) / 2);
  const Real other = a.im / (2 * re);
  Ball<Real> root{re, other, 0};
  if (a.re < 0) {
    root = other < 0 ? Ball<Real>{-other, -re, 0} : Ball<Real>{other, re, 0};
  }
  return rounded<Real>(root, size > 2 * a.error ? Real(a.error / sqrt(size)) : Real(2 * sqrt(a.error + size)));
}

/// Sine, or cosine. Nothing for an argument so large that its period is lost.
template <class Real>
std::optional<Ball<Real>> sine(const Ball<Real>& a, bool cosine) {
  using std::abs;
  using std::cos;
  using std::cosh;
  using std::sin;
  using std::sinh;
  if (!(abs(a.re) < Real(1e12)) || !(abs(a.im) < Real(300)) || !(a.error < Real(0.01))) {
    return std::nullopt;
  }
  const Real error = a.error + unit_error<Real>() * (1 + abs(a.re));
  const Real s = sin(a.re);
  const Real c = cos(a.re);
  if (a.im == 0) return rounded<Real>(Ball<Real>{cosine ? c : s, 0, 0}, error);
  const Real h = cosh(a.im);
  const Real t = sinh(a.im);
  const Ball<Real> result =
      cosine ? Ball<Real>{c * h, -s * t, 0} : Ball<Real>{s * h, c * t, 0};
  return rounded<Real>(result, 2 * h * error);
}

}  // namespace pingjia::suites

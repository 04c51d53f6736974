#pragma once

#include <optional>

#include "suites/math/budget.h"
#include "suites/math/expression.h"

namespace pingjia::suites {

/// Compares by evaluation with error bounds: in double first, and where that sees no difference, to
/// 50 digits. Symbols are sampled at fixed points of several regions; points at which either is
/// undefined say nothing. Equal only where the values agree to 1e-20 absolutely, or to 1e-25
/// relatively below 1e15, everywhere; different as soon as a difference exceeds its error bound.
/// Roots and logarithms that leave the real numbers on one side alone are a difference.
/// kUnknown within the error bound of a larger error, or where a part ("f(x)", an integral) could
/// not be computed.
Equality equal_numerically(const Expression& a, const Expression& b, Budget& budget);

/// The value of a real expression without symbols, in double.
std::optional<double> real_value(const Expression& expression, Budget& budget);

/// |a - b| of two expressions without symbols, from 50 digits.
std::optional<double> distance(const Expression& a, const Expression& b, Budget& budget);

}  // namespace pingjia::suites

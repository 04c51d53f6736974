#pragma once

#include "suites/math/budget.h"
#include "suites/math/expression.h"

namespace pingjia::suites {

/// Compares by exact rational arithmetic: at once where neither has a symbol, else at points drawn
/// for the symbols, where equal values of rational functions mean equal functions but for a chance
/// below 1e-9 (Schwartz and Zippel). kUnknown where either is no rational function, is undefined
/// (1/0), or would need numbers of more than 40,000 bits.
Equality equal_exactly(const Expression& a, const Expression& b, Budget& budget);

/// Whether it is a rational number without symbols, as far as exact arithmetic can tell.
bool is_rational(const Expression& expression, Budget& budget);

}  // namespace pingjia::suites

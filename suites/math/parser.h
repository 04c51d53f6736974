#pragma once

#include <optional>

#include "suites/math/expression.h"
#include "suites/math/token.h"

namespace pingjia::suites {

/// Deepest nesting of brackets, exponents and arguments that is read.
inline constexpr int kDeepest = 60;
/// Deepest tree: signs behind ("x!!!!") nest it without brackets, and whoever compares trees
/// recurses.
inline constexpr int kDeepestTree = 250;

/// The expression that the tokens write; nothing when they write none, or nest deeper than
/// kDeepest, or make a tree deeper than kDeepestTree. Implicit multiplication binds like the
/// explicit one ("1/2x" is (1/2)x); a function without brackets takes the factors up to the next
/// function or sign ("sin 2x cos x"). Linear in the tokens.
std::optional<Expression> parse(const Tokens& tokens);

}  // namespace pingjia::suites

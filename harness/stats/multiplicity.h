#pragma once

#include <span>
#include <vector>

namespace pingjia::harness {

/// Adjusted p values, in the order given: a hypothesis is rejected at `alpha` over the whole family
/// where its adjusted value is at most `alpha`. p values in [0, 1]; none gives none.

/// Holm's step-down (Scandinavian Journal of Statistics 6, 1979, 65-70): the probability of one
/// false rejection or more, whatever hangs together.
std::vector<double> holm(std::span<const double> p_values);

/// Benjamini and Hochberg's step-up (JRSS B 57, 1995, 289-300): the expected share of false ones
/// among the rejections, of independent or positively dependent tests.
std::vector<double> benjamini_hochberg(std::span<const double> p_values);

}  // namespace pingjia::harness

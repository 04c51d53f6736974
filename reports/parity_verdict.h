#pragma once

#include <vector>

#include "reports/contest.h"
#include "reports/verdict.h"

namespace pingjia::reports {

/// The parity of the one run that all are of, or null: several runs are judged by `pingjia parity`.
const harness::ParityMarks* parity_of(const std::vector<Contestant>& contestants);

/// The cheapest of those at parity with the most accurate system, where it is surely cheaper than
/// that one; else null.
const harness::ParityMark* bargain(const harness::ParityMarks& parity);

/// "X is at parity with Y (margin 2 points) at 1/19 [1/23, 1/16] of the cost per correct answer."
Sentence at_parity(const harness::ParityMarks& parity, const harness::ParityMark& mark);

/// What the marks decide and what they do not, but for the one that the headline tells.
void say_parity(const harness::ParityMarks& parity, const harness::ParityMark* in_headline,
                Verdict& verdict);

}  // namespace pingjia::reports

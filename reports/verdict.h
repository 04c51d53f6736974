#pragma once

#include <string>
#include <vector>

#include "reports/contest.h"
#include "reports/sentence.h"

namespace pingjia::reports {

/// What the numbers allow to be said, in sentences, and what they do not.
struct Verdict {
  bool ranked = false;              ///< Whether the systems may be ranked by cost.
  Sentence headline;                ///< The cheapest correct answer, or why there is none.
  std::vector<Sentence> findings;   ///< What else was decided.
  std::vector<Sentence> undecided;  ///< What was not, and why.
};

/// Compares overall rows; systems that ran different suites are compared suite by suite instead.
/// Test doubles are left out: they measure no model.
Verdict verdict_of(const std::vector<Contestant>& contestants);

/// "every request failed: 180 × overloaded", or empty when one was answered or none was asked.
std::string why_nothing_came(const std::vector<Contestant>& contestants);

/// Why the summaries of their runs refuse to rank them by cost; empty: they may be ranked.
std::vector<std::string> ranking_refusals(const std::vector<Contestant>& contestants);

}  // namespace pingjia::reports

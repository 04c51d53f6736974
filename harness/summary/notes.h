#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/summary/row_facts.h"

namespace pingjia::harness {

/// What a reader of one row must know: what was left out, what disagrees, what is not known.
std::vector<std::string> notes_of_row(const RowFacts& row);

/// Why the run's systems cannot be ranked by cost: a sentence for each whose cost is unknown.
std::vector<std::string> why_no_ranking(std::span<const RowFacts> rows);

/// How far apart a suite's accuracies by log-likelihood and by generation are, a sentence for each
/// system that ran both.
std::vector<std::string> mode_gaps(std::span<const RowFacts> rows);

}  // namespace pingjia::harness

#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/summary/row_facts.h"

namespace pingjia::harness {

/// What a reader of one row must know: what was left out, what disagrees, what is not known.
std::vector<std::string> notes_of_row(const RowFacts& row);

/// The same of the run: which systems no ranking by cost can hold.
std::vector<std::string> notes_of_run(std::span<const RowFacts> rows);

}  // namespace pingjia::harness

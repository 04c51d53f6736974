#pragma once

#include <cstdint>

#include "harness/summary/row_facts.h"

namespace pingjia::harness {

/// What the cost of a row went into: each picodollar of it in one place. An attempt without an
/// answer is a failure, whichever attempt it was; an answer at a later attempt is a retry; the rest
/// are first tries. By the hour the row's time is divided, idle time apart, and its cost with it.
struct Spending {
  Money first_tries;
  Money reasoning;  ///< Of first tries; zero, and left in them, where it is not told apart.
  Money retries;
  Money failures;
  Money idle;

  std::int64_t counted_first_tries = 0;
  std::int64_t counted_retries = 0;
  std::int64_t counted_failures = 0;
  /// First tries that do not say how much of their output was reasoning.
  std::int64_t reasoning_untold = 0;
  /// Of a machine: those that do, but not how long they read before they wrote.
  std::int64_t reasoning_untimed = 0;

  bool reasoning_known() const { return reasoning_untold == 0 && reasoning_untimed == 0; }
  Money total() const { return first_tries + reasoning + retries + failures + idle; }
};

/// The row's cost, divided; `total()` is the row's to the picodollar, as far as it is priced.
Spending spending_of(const RowFacts& row);

}  // namespace pingjia::harness

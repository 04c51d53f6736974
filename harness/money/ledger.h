#pragma once

#include <span>
#include <vector>

#include "harness/base/loop.h"

namespace pingjia::harness {

/// When a request held a share of a machine.
struct Busy {
  Nanos begin = 0;
  Nanos end = 0;  ///< Not before `begin`.
};

/// A window of one machine, shared out among the requests that were active in it: each gets the
/// integral of dt / n_active(t) while it is active, the rest is idle. Whole
/// nanoseconds; the sum of `requests` plus `idle` is `window`, exactly.
struct Ledger {
  std::vector<Nanos> requests;  ///< In the order given.
  Nanos idle = 0;
  Nanos window = 0;
};

/// Requests outside [begin, end] are counted only inside it.
Ledger share_machine(std::span<const Busy> requests, Nanos begin, Nanos end);

/// The smallest window that holds all of `requests`; {0, 0} of none.
Busy window_of(std::span<const Busy> requests);

/// Shares `amount` out in proportion to `weights` (not negative), in whole units whose sum is
/// `amount` exactly, by rounding running sums. All weights zero: equal shares.
std::vector<__int128> apportion(__int128 amount, std::span<const Nanos> weights);

}  // namespace pingjia::harness

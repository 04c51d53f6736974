#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "harness/record/record.h"

namespace pingjia::reports {

/// A time axis of some records: their sessions one after the other, each from its first request
/// sent to its last one done, without the time between them.
struct RunClock {
  struct Session {
    harness::Nanos begin = 0;
    harness::Nanos end = 0;
    double at_s = 0;  ///< Where it begins on the axis.
  };
  std::map<int, Session> sessions;
  double length_s = 0;

  /// Where a stamp of a session stands.
  double at(int session, harness::Nanos stamp) const;
};

/// Of all `records` that were sent; length 0 of none.
RunClock run_clock(std::span<const harness::Record* const> records);

/// Watts over a stretch of the axis.
struct PowerSpan {
  double begin_s = 0;
  double end_s = 0;
  double watts = 0;
};

/// What happened in one bin of the axis.
struct TimelineBin {
  double begin_s = 0;
  double end_s = 0;
  double in_flight = 0;           ///< Requests sent and not done, mean over the bin.
  double tokens_per_s = 0;        ///< Output tokens that arrived.
  std::int64_t failures = 0;      ///< Attempts that ended without an answer.
  std::optional<double> power_w;  ///< Where exactly one span holds the bin's middle.

  bool empty() const { return in_flight == 0 && tokens_per_s == 0 && failures == 0; }
};

inline constexpr std::size_t kMostBins = 200;

/// So many that a bin has a few of `requests`, 20 to 200.
std::size_t bins_for(std::size_t requests);

/// `count` equal bins from 0 to `length_s`, at least the clock's own length. An answer's tokens are
/// spread over its arrivals by their events; those of an answer in one piece come when it is done.
std::vector<TimelineBin> timeline_bins(std::span<const harness::Record* const> records,
                                       const RunClock& clock, std::span<const PowerSpan> power,
                                       double length_s, std::size_t count);

}  // namespace pingjia::reports

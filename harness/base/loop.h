#pragma once

#include <cstdint>
#include <functional>

namespace pingjia::harness {

/// Nanoseconds of CLOCK_MONOTONIC: one clock for every process of a machine.
using Nanos = std::int64_t;

/// What a descriptor waits for, or is ready for; a bit set.
enum Readiness : unsigned { kReadable = 1, kWritable = 2, kClosed = 4 };

using TimerId = std::uint64_t;

/// The only source of time and readiness. One thread, no locks: every callback runs inside
/// `turn`. Tests run on invented time through a loop whose `turn` jumps to the next timer.
class Loop {
 public:
  virtual ~Loop() = default;

  /// Reads the clock.
  virtual Nanos now() const = 0;

  /// Calls `call` once, in a turn at or after `due`. Timers due at one instant run in the order
  /// they were set.
  virtual TimerId call_at(Nanos due, std::function<void()> call) = 0;

  /// Forgets a timer; one that has run or is unknown is ignored.
  virtual void cancel(TimerId timer) = 0;

  /// Calls `ready` with the Readiness bits seen whenever `descriptor` is ready for one of
  /// `interest`. Level-triggered. Watching a watched descriptor changes its interest and callback.
  virtual void watch(int descriptor, unsigned interest, std::function<void(unsigned)> ready) = 0;

  /// Must come before the descriptor is closed. An unknown descriptor is ignored.
  virtual void unwatch(int descriptor) = 0;

  /// Waits for the next readiness or due timer, at most until `deadline`, and runs what is due.
  /// Returns false when there is neither a timer nor a descriptor to wait for.
  virtual bool turn(Nanos deadline) = 0;
};

inline constexpr Nanos kMillisecond = 1'000'000;
inline constexpr Nanos kSecond = 1'000'000'000;

/// Nanoseconds as seconds.
constexpr double seconds(Nanos nanos) {
  return static_cast<double>(nanos) * 1e-9;
}

}  // namespace pingjia::harness

#pragma once

#include <cstdint>

namespace pingjia::kernels {

/// Seconds of the monotonic clock.
double now_seconds();

/// Cycles per second of the core this thread runs on, now: times a chain of additions that each
/// wait for the one before, one cycle each, for about 10 microseconds. The processor's own cycle
/// counter is not open to every user and every virtual machine. An interruption makes it read low.
/// 0 where the chain's cycles are not known (not x86).
double core_clock_hz();

}  // namespace pingjia::kernels

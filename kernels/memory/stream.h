#pragma once

#include <cstdint>

#include "kernels/processor/threads.h"

namespace pingjia::kernels {

/// Bytes per second of memory, over all threads together.
struct StreamRate {
  double read = 0;   ///< Of a sum over one array.
  double triad = 0;  ///< STREAM's, whose stores go around the caches (bandwidth.h).

  double best() const { return read > triad ? read : triad; }
};

/// The best of `passes` over three arrays of `bytes` each, of which every thread touches a part of
/// its own.
StreamRate measure_stream(Threads& threads, std::int64_t bytes, int passes);

}  // namespace pingjia::kernels

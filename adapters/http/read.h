#pragma once

#include <cstddef>

#include "harness/base/loop.h"

namespace pingjia::adapters {

/// Bytes that may be read (not used) after every piece of a body, so that a SIMD parser can work
/// on it in place.
inline constexpr std::size_t kReadPadding = 64;

/// One read of the socket: the clock before its bytes were touched, and how far into the piece of
/// the body they reached.
struct Read {
  harness::Nanos at = 0;
  std::size_t end = 0;
};

}  // namespace pingjia::adapters

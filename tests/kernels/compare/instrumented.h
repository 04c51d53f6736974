#pragma once

namespace pingjia::kernels {

/// ThreadSanitizer does not see the barriers of libraries that were built without it, and reports
/// races where none are.
#ifdef __SANITIZE_THREAD__
inline constexpr bool kThreadsAreWatched = true;
#else
inline constexpr bool kThreadsAreWatched = false;
#endif
inline constexpr const char* kWatchedReason =
    "ThreadSanitizer cannot see the barriers of foreign libraries";

}  // namespace pingjia::kernels

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

/// A sanitizer's checks in the loops that measure roofs make them slower than the kernels, whose
/// intrinsics it leaves alone.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr bool kTimesMeanNothing = true;
#else
inline constexpr bool kTimesMeanNothing = false;
#endif
inline constexpr const char* kNoTimesReason = "a sanitizer's checks are in what would be timed";

}  // namespace pingjia::kernels

#include "kernels/processor/clock.h"

#include <algorithm>
#include <chrono>

namespace pingjia::kernels {

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

#ifdef __x86_64__
double core_clock_hz() {
  constexpr int kRounds = 1000;
  constexpr int kChain = 20;
  constexpr int kTries = 2;  // The better of two: the first may meet an interruption.
  double best = 0;
  for (int i = 0; i < kTries; ++i) {
    std::uint64_t value = 1, one = 3;
    const double begin = now_seconds();
    for (int round = 0; round < kRounds; ++round) {
      asm volatile(
          ".rept 20\n\t"
          "add %1, %0\n\t"
          ".endr"
          : "+r"(value)
          : "r"(one));
    }
    best = std::max(best, kRounds * kChain / (now_seconds() - begin));
  }
  return best;
}
#else
double core_clock_hz() {
  return 0;
}
#endif

}  // namespace pingjia::kernels

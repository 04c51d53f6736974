#include "kernels/processor/eviction.h"

#ifdef __x86_64__
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace pingjia::kernels {

#ifdef __x86_64__
namespace {

constexpr std::size_t kLine = 64;

/// Intel's manual, CPUID leaf 7: EBX bit 23.
bool has_clflushopt() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx >> 23 & 1U) != 0;
}

/// Several lines at a time, which CLFLUSH does not.
__attribute__((target("clflushopt"))) void flush_together(std::span<const std::byte> memory) {
  for (std::size_t at = 0; at < memory.size(); at += kLine) {
    // The instruction writes nothing; its type does not say so.
    _mm_clflushopt(const_cast<std::byte*>(memory.data() + at));
  }
}

void flush_one_by_one(std::span<const std::byte> memory) {
  for (std::size_t at = 0; at < memory.size(); at += kLine) _mm_clflush(memory.data() + at);
}

}  // namespace

bool evict(std::span<const std::byte> memory) {
  static const bool together = has_clflushopt();
  together ? flush_together(memory) : flush_one_by_one(memory);
  if (!memory.empty()) _mm_clflush(memory.data() + memory.size() - 1);
  _mm_mfence();
  return true;
}
#else
bool evict(std::span<const std::byte>) {
  return false;
}
#endif

}  // namespace pingjia::kernels

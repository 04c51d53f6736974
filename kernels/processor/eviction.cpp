#include "kernels/processor/eviction.h"

#ifdef __x86_64__
#include <emmintrin.h>
#endif

namespace pingjia::kernels {

#ifdef __x86_64__
bool evict(std::span<const std::byte> memory) {
  constexpr std::size_t kLine = 64;
  for (std::size_t at = 0; at < memory.size(); at += kLine) _mm_clflush(memory.data() + at);
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

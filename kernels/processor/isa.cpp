#include "kernels/processor/isa.h"

#ifdef __x86_64__
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace pingjia::kernels {
namespace {

#ifdef __x86_64__
/// ARCH_REQ_XCOMP_PERM of XFEATURE_XTILEDATA, by number: Debian 12's headers may be older.
bool may_use_tiles() {
  constexpr long kRequestPermission = 0x1023;
  constexpr long kTileData = 18;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

/// Intel's manual, CPUID leaf 7: EDX bit 22 AMX-BF16, 24 AMX-TILE; subleaf 1: EAX bit 5
/// AVX512_BF16. __builtin_cpu_supports of GCC 12 knows the second only, and not the tiles.
bool has_amx() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0) return false;
  constexpr unsigned kBoth = 1U << 22 | 1U << 24;
  return (edx & kBoth) == kBoth;
}

Isa find_best() {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return Isa::kPortable;
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512bf16");
  if (!avx512) return Isa::kAvx2;
  return has_amx() && may_use_tiles() ? Isa::kAmx : Isa::kAvx512;
}
#else
Isa find_best() {
  return Isa::kPortable;
}
#endif

}  // namespace

std::string_view name(Isa isa) {
  switch (isa) {
    case Isa::kPortable:
      return "portable";
    case Isa::kAvx2:
      return "avx2";
    case Isa::kAvx512:
      return "avx512";
    case Isa::kAmx:
      return "amx";
  }
  return "portable";
}

Isa best_isa() {
  static const Isa best = find_best();
  return best;
}

}  // namespace pingjia::kernels

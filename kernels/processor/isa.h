#pragma once

#include <string_view>

namespace pingjia::kernels {

/// Instruction sets a kernel of ours may be compiled for, each with all that the ones before it
/// have. kAvx512 means F, BW, DQ, VL and BF16; kAmx adds the tiles and their bf16 product.
enum class Isa { kPortable, kAvx2, kAvx512, kAmx };

inline constexpr Isa kEveryIsa[] = {Isa::kPortable, Isa::kAvx2, Isa::kAvx512, Isa::kAmx};

/// "portable", "avx2", "avx512", "amx".
std::string_view name(Isa isa);

/// The best one that this processor has and this system lets us use. Asks Linux once for the tiles:
/// a process that has no permission dies of SIGILL at the first of their instructions
/// (Documentation/arch/x86/xstate.rst).
Isa best_isa();

/// Whether kernels for `isa` run here.
inline bool is_here(Isa isa) {
  return isa <= best_isa();
}

}  // namespace pingjia::kernels

#pragma once

#include "kernels/gemm/micro.h"

// The micro-kernels of micro_avx2.cpp, micro_avx512.cpp and micro_amx.cpp. Those files are compiled
// for processors that may not be this one: ask isa.h before a call, and keep whatever could be
// instantiated twice (templates, inline functions of the standard library) out of them.

namespace pingjia::kernels {

/// Products of few rows take weights as fast as memory gives them, and a processor's own prefetcher
/// does not reach far enough ahead for that. So Micro::stream asks for what lies this many bytes
/// further on, into the second cache (measured: 4 to 32 KiB serve, the first cache does not).
inline constexpr int kAheadBytes = 16 << 10;

extern const Micro kAvx2Bf16Micro;
extern const Micro kAvx2Fp32Micro;
extern const Micro kAvx512Bf16Micro;
extern const Micro kAvx512Fp32Micro;
extern const Micro kAmxBf16Micro;

}  // namespace pingjia::kernels

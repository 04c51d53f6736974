#pragma once

#include "kernels/gemm/micro.h"

// The micro-kernels of micro_avx2.cpp, micro_avx512.cpp and micro_amx.cpp. Those files are compiled
// for processors that may not be this one: ask isa.h before a call, and keep whatever could be
// instantiated twice (templates, inline functions of the standard library) out of them.

namespace pingjia::kernels {

extern const Micro kAvx2Bf16Micro;
extern const Micro kAvx2Fp32Micro;
extern const Micro kAvx512Bf16Micro;
extern const Micro kAvx512Fp32Micro;
extern const Micro kAmxBf16Micro;

}  // namespace pingjia::kernels

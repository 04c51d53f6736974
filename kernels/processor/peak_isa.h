#pragma once

#include "kernels/processor/peak.h"

// As gemm/micro_isa.h: compiled for processors that may not be this one.

namespace pingjia::kernels {

extern const Peak kAvx2Peak;
extern const Peak kAvx512Fp32Peak;
extern const Peak kAvx512Bf16Peak;
extern const Peak kAmxBf16Peak;

}  // namespace pingjia::kernels

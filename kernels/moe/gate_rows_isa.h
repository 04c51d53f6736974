#pragma once

#include "kernels/moe/gate_rows.h"

// As gemm/micro_isa.h: compiled for processors that may not be this one.

namespace pingjia::kernels {

void gate_row_portable(const float* sums, std::int64_t pairs, std::int64_t block, Bf16* out,
                       std::int64_t step);
void gate_row_avx2(const float* sums, std::int64_t pairs, std::int64_t block, Bf16* out,
                   std::int64_t step);
void gate_row_avx512(const float* sums, std::int64_t pairs, std::int64_t block, Bf16* out,
                     std::int64_t step);

}  // namespace pingjia::kernels

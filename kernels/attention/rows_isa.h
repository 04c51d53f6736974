#pragma once

#include "kernels/attention/rows.h"

// As gemm/micro_isa.h: compiled for processors that may not be this one.

namespace pingjia::kernels {

extern const AttentionRows kPortableRows;
extern const AttentionRows kAvx2Rows;
extern const AttentionRows kAvx512Rows;

/// AttentionRows::score_rows between MicroUse's begin and end; the rest of AMX's is AVX-512's.
void amx_score_rows(const Bf16* queries, const RowsToPack& keys, std::int64_t key_stride,
                    std::int64_t width, int live, float* scores);

}  // namespace pingjia::kernels

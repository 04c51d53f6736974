#pragma once

#include "kernels/attention/rows.h"

// As gemm/micro_isa.h: compiled for processors that may not be this one.

namespace pingjia::kernels {

extern const AttentionRows kPortableRows;
extern const AttentionRows kAvx2Rows;
extern const AttentionRows kAvx512Rows;

}  // namespace pingjia::kernels

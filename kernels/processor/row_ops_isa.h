#pragma once

#include "kernels/processor/row_ops.h"

// As gemm/micro_isa.h: compiled for processors that may not be this one.

namespace pingjia::kernels {

extern const RowOps kPortableRowOps;
extern const RowOps kAvx2RowOps;
extern const RowOps kAvx512RowOps;

}  // namespace pingjia::kernels

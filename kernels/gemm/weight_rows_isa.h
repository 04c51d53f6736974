#pragma once

#include "kernels/gemm/weight_rows.h"

// As micro_isa.h: compiled for processors that may not be this one.

namespace pingjia::kernels {

extern const WeightRows kPortableWeightRows;
extern const WeightRows kAvx512WeightRows;

}  // namespace pingjia::kernels

#pragma once

#include "kernels/layer/layer_rows.h"

// As gemm/micro_isa.h: compiled for processors that may not be this one.

namespace pingjia::kernels {

extern const LayerRows kPortableLayerRows;
extern const LayerRows kAvx2LayerRows;
extern const LayerRows kAvx512LayerRows;

}  // namespace pingjia::kernels

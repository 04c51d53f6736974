#include "kernels/layer/layer_rows_isa.h"
#include "kernels/layer/layer_rows_simd.h"
#include "kernels/processor/lanes_avx512.h"

namespace pingjia::kernels {

const LayerRows kAvx512LayerRows = kLayerRowsOf<Sixteen>;

}  // namespace pingjia::kernels

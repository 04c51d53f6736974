#include "kernels/layer/layer_rows_isa.h"
#include "kernels/layer/layer_rows_simd.h"
#include "kernels/processor/lanes_avx2.h"

namespace pingjia::kernels {

const LayerRows kAvx2LayerRows = kLayerRowsOf<Eight>;

}  // namespace pingjia::kernels

#include "kernels/layer/layer_rows_isa.h"
#include "kernels/layer/layer_rows_simd.h"
#include "kernels/processor/lanes_portable.h"

namespace pingjia::kernels {

const LayerRows kPortableLayerRows = kLayerRowsOf<One>;

}  // namespace pingjia::kernels

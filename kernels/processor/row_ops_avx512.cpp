#include "kernels/processor/lanes_avx512.h"
#include "kernels/processor/row_ops_isa.h"
#include "kernels/processor/row_ops_simd.h"

namespace pingjia::kernels {

const RowOps kAvx512RowOps = {narrow_row<Sixteen>, add_row<Sixteen>};

}  // namespace pingjia::kernels

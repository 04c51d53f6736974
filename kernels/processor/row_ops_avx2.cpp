#include "kernels/processor/lanes_avx2.h"
#include "kernels/processor/row_ops_isa.h"
#include "kernels/processor/row_ops_simd.h"

namespace pingjia::kernels {

const RowOps kAvx2RowOps = {narrow_row<Eight>, add_row<Eight>};

}  // namespace pingjia::kernels

#include "kernels/processor/lanes_portable.h"
#include "kernels/processor/row_ops_isa.h"
#include "kernels/processor/row_ops_simd.h"

namespace pingjia::kernels {

const RowOps kPortableRowOps = {narrow_row<One>, add_row<One>};

}  // namespace pingjia::kernels

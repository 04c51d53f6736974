#include "kernels/moe/gate_rows_isa.h"
#include "kernels/moe/gate_rows_simd.h"
#include "kernels/processor/lanes_portable.h"

namespace pingjia::kernels {

void gate_row_portable(const float* sums, std::int64_t pairs, std::int64_t block, Bf16* out,
                       std::int64_t step) {
  gate_row_of<One>(sums, pairs, block, out, step);
}

}  // namespace pingjia::kernels

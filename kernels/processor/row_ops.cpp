#include "kernels/processor/row_ops.h"

#include "kernels/processor/row_ops_isa.h"

namespace pingjia::kernels {

const RowOps& row_ops([[maybe_unused]] Isa isa) {
#ifdef __x86_64__
  if (isa >= Isa::kAvx512) return kAvx512RowOps;
  if (isa == Isa::kAvx2) return kAvx2RowOps;
#endif
  return kPortableRowOps;
}

}  // namespace pingjia::kernels

#include "kernels/moe/gate_rows.h"

#include "kernels/moe/gate_rows_isa.h"

namespace pingjia::kernels {

GateRow gate_row([[maybe_unused]] Isa isa) {
#ifdef __x86_64__
  if (isa >= Isa::kAvx512) return gate_row_avx512;
  if (isa == Isa::kAvx2) return gate_row_avx2;
#endif
  return gate_row_portable;
}

}  // namespace pingjia::kernels

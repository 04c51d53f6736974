#include "kernels/attention/rows.h"

#include "kernels/attention/rows_isa.h"

namespace pingjia::kernels {

const AttentionRows& attention_rows([[maybe_unused]] Isa isa) {
#ifdef __x86_64__
  static const AttentionRows amx_rows = [] {
    AttentionRows rows = kAvx512Rows;
    rows.score_rows = amx_score_rows;
    return rows;
  }();
  if (isa == Isa::kAmx) return amx_rows;
  if (isa == Isa::kAvx512) return kAvx512Rows;
  if (isa == Isa::kAvx2) return kAvx2Rows;
#endif
  return kPortableRows;
}

}  // namespace pingjia::kernels

#include "kernels/layer/layer_rows.h"

#include "kernels/layer/layer_rows_isa.h"

namespace pingjia::kernels {

const LayerRows& layer_rows([[maybe_unused]] Isa isa) {
#ifdef __x86_64__
  if (isa >= Isa::kAvx512) return kAvx512LayerRows;
  if (isa == Isa::kAvx2) return kAvx2LayerRows;
#endif
  return kPortableLayerRows;
}

}  // namespace pingjia::kernels

#pragma once

#include "kernels/moe/layer.h"

namespace pingjia::kernels {

/// The layer by its definition, in double precision, for the tokens [first, last): what every other
/// one is compared with. out is [last - first][hidden].
void moe_reference(const MoeShape& shape, const MoeWeights& weights, const Bf16* x,
                   const Routing& routing, std::int64_t first, std::int64_t last, double* out);

}  // namespace pingjia::kernels

#pragma once

#include "kernels/moe/gate_rows.h"
#include "kernels/processor/lanes_math.h"

namespace pingjia::kernels {

/// gate_rows.h over the lanes V of one instruction set.
template <class V>
[[gnu::always_inline]] inline void gate_row_of(const float* sums, std::int64_t pairs,
                                               std::int64_t block, Bf16* out, std::int64_t step) {
  for (std::int64_t pair = 0; pair < pairs; ++pair, sums += block) {
    Bf16* to = out + pair / 2 * step + pair % 2 * 16;
    for (int i = 0; i < 16; i += V::kLanes) {
      const auto gate = silu<V>(V::load(sums + i));
      V::store_bf16(V::mul(gate, V::load(sums + 16 + i)), to + i);
    }
  }
}

}  // namespace pingjia::kernels

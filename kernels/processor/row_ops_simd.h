#pragma once

#include "kernels/processor/row_ops.h"

namespace pingjia::kernels {

/// row_ops.h over the lanes V of one instruction set.
template <class V>
void narrow_row(const float* from, float factor, std::int64_t count, Bf16* to) {
  const auto factors = V::all(factor);
  std::int64_t i = 0;
  for (; i + V::kLanes <= count; i += V::kLanes) {
    V::store_bf16(V::mul(V::load(from + i), factors), to + i);
  }
  for (; i < count; ++i) to[i] = to_bf16(from[i] * factor);
}

template <class V>
void add_row(const float* from, float factor, std::int64_t count, float* to) {
  const auto factors = V::all(factor);
  std::int64_t i = 0;
  for (; i + V::kLanes <= count; i += V::kLanes) {
    V::store(V::fma(V::load(from + i), factors, V::load(to + i)), to + i);
  }
  for (; i < count; ++i) to[i] += from[i] * factor;
}

}  // namespace pingjia::kernels

#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/cuda/grid.cuh"

namespace pingjia::kernels::cuda {

/// The value of another lane. All 32 lanes call it together.
#ifdef __CUDACC__
template <class T>
PINGJIA_DEVICE T shuffle(T value, int from_lane) {
  return __shfl_sync(0xffffffffu, value, from_lane);
}
template <class T>
PINGJIA_DEVICE T shuffle_xor(T value, int mask) {
  return __shfl_xor_sync(0xffffffffu, value, mask);
}
#else
std::uint32_t exchange(std::uint32_t value, int from_lane);

inline int shuffle(int value, int from_lane) {
  return static_cast<int>(exchange(static_cast<std::uint32_t>(value), from_lane));
}
float shuffle(float value, int from_lane);

template <class T>
T shuffle_xor(T value, int mask) {
  return shuffle(value, lane_index() ^ mask);
}
#endif

/// Over the four lanes that hold one row of an accumulator (mma.cuh); every lane gets the result.
PINGJIA_DEVICE float quad_max(float value) {
  value = fmaxf(value, shuffle_xor(value, 1));
  return fmaxf(value, shuffle_xor(value, 2));
}
PINGJIA_DEVICE float quad_sum(float value) {
  value += shuffle_xor(value, 1);
  return value + shuffle_xor(value, 2);
}

/// Over all lanes.
PINGJIA_DEVICE float warp_max(float value) {
  for (int mask = 16; mask > 0; mask /= 2) value = fmaxf(value, shuffle_xor(value, mask));
  return value;
}
PINGJIA_DEVICE float warp_sum(float value) {
  for (int mask = 16; mask > 0; mask /= 2) value += shuffle_xor(value, mask);
  return value;
}

}  // namespace pingjia::kernels::cuda

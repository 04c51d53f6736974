#pragma once

#include <cstdint>

#include "kernels/cuda/qualifiers.cuh"

namespace pingjia::kernels::cuda {

/// *to += value in shared memory, whole against the same of other threads; integers alone, whose
/// sum does not depend on the order. To be read behind a barrier.
#ifdef __CUDACC__
PINGJIA_DEVICE void add_shared(std::uint64_t* to, std::uint64_t value) {
  atomicAdd(reinterpret_cast<unsigned long long*>(to), static_cast<unsigned long long>(value));
}
PINGJIA_DEVICE void add_shared(std::uint32_t* to, std::uint32_t value) {
  atomicAdd(to, value);
}
#else
void add_shared(std::uint64_t* to, std::uint64_t value);
void add_shared(std::uint32_t* to, std::uint32_t value);
#endif

}  // namespace pingjia::kernels::cuda

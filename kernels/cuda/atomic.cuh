#pragma once

#include <cstdint>

#include "kernels/cuda/qualifiers.cuh"

namespace pingjia::kernels::cuda {

/// *to += value in shared memory, whole against the same of other threads; gives what was there
/// before. Integers alone, whose sum does not depend on the order. To be read behind a barrier.
#ifdef __CUDACC__
PINGJIA_DEVICE std::uint64_t add_shared(std::uint64_t* to, std::uint64_t value) {
  return atomicAdd(reinterpret_cast<unsigned long long*>(to),
                   static_cast<unsigned long long>(value));
}
PINGJIA_DEVICE std::uint32_t add_shared(std::uint32_t* to, std::uint32_t value) {
  return atomicAdd(to, value);
}
#else
std::uint64_t add_shared(std::uint64_t* to, std::uint64_t value);
std::uint32_t add_shared(std::uint32_t* to, std::uint32_t value);
#endif

}  // namespace pingjia::kernels::cuda

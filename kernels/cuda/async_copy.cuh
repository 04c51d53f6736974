#pragma once

#include <cstdint>

#include "kernels/cuda/qualifiers.cuh"

namespace pingjia::kernels::cuda {

/// Sixteen bytes from global to shared memory without passing through registers (PTX ISA 9.7.9.25,
/// cp.async, sm_80). Both addresses stand on 16 bytes. With `valid` false the source is not read
/// and zeros are written. They are there for this thread after wait_copies, for others after a
/// barrier behind it.
#ifdef __CUDACC__
PINGJIA_DEVICE void copy_async(void* shared, const void* global, bool valid) {
  const auto to = static_cast<std::uint32_t>(__cvta_generic_to_shared(shared));
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(global),
               "r"(valid ? 16 : 0)
               : "memory");
}
/// Closes the group of the copies issued since the last call.
PINGJIA_DEVICE void commit_copies() {
  asm volatile("cp.async.commit_group;" ::: "memory");
}
/// Waits until at most `kInFlight` of this thread's latest groups are still on their way.
template <int kInFlight>
PINGJIA_DEVICE void wait_copies() {
  asm volatile("cp.async.wait_group %0;" ::"n"(kInFlight) : "memory");
}
#else
void copy_async(void* shared, const void* global, bool valid);
void commit_copies();
void wait_for_groups(int in_flight);
template <int kInFlight>
void wait_copies() {
  wait_for_groups(kInFlight);
}
#endif

}  // namespace pingjia::kernels::cuda

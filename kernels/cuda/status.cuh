#pragma once

#include <cuda_runtime.h>

#include <stdexcept>
#include <string>

namespace pingjia::kernels::cuda {

/// Throws std::runtime_error with the device's own words when a call failed. `what` completes
/// "CUDA could not ...".
inline void check(cudaError_t status, const char* what) {
  if (status == cudaSuccess) return;
  throw std::runtime_error(std::string("CUDA could not ") + what + ": " +
                           cudaGetErrorString(status));
}

}  // namespace pingjia::kernels::cuda

#pragma once

#include <cstddef>

#include "kernels/cuda/qualifiers.cuh"

namespace pingjia::kernels::cuda {

/// Where a thread stands. Blocks are one-dimensional, grids up to three.
#ifdef __CUDACC__
PINGJIA_DEVICE int thread_index() {
  return static_cast<int>(threadIdx.x);
}
PINGJIA_DEVICE int block_x() {
  return static_cast<int>(blockIdx.x);
}
PINGJIA_DEVICE int block_y() {
  return static_cast<int>(blockIdx.y);
}
PINGJIA_DEVICE int block_z() {
  return static_cast<int>(blockIdx.z);
}
PINGJIA_DEVICE int block_threads() {
  return static_cast<int>(blockDim.x);
}
PINGJIA_DEVICE int blocks_x() {
  return static_cast<int>(gridDim.x);
}

/// A barrier of the block, which orders its accesses to memory.
PINGJIA_DEVICE void sync_threads() {
  __syncthreads();
}
/// The same for the warp.
PINGJIA_DEVICE void sync_warp() {
  __syncwarp();
}

/// The launch's shared memory, on 1,024 bytes.
PINGJIA_DEVICE std::byte* dynamic_shared() {
  extern __shared__ __align__(1024) unsigned char pingjia_shared[];
  return reinterpret_cast<std::byte*>(pingjia_shared);
}
#else
int thread_index();
int block_x();
int block_y();
int block_z();
int block_threads();
int blocks_x();
void sync_threads();
void sync_warp();
std::byte* dynamic_shared();
#endif

PINGJIA_DEVICE int lane_index() {
  return thread_index() % 32;
}
PINGJIA_DEVICE int warp_index() {
  return thread_index() / 32;
}

}  // namespace pingjia::kernels::cuda

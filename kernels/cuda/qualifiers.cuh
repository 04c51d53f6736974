#pragma once

/// One source serves two compilers: nvcc for the device, and an ordinary one in tests, where a
/// block of threads is emulated (tests/kernels/cuda/emulator.h). What the two do differently stands
/// in this folder and nowhere else. nvcc sees the device's instructions; the other compiler sees
/// declarations, which the emulator defines.
#ifdef __CUDACC__
#define PINGJIA_DEVICE __device__ __forceinline__
#define PINGJIA_HOST_DEVICE __host__ __device__ __forceinline__
/// At most `threads` in a block and at least `blocks` blocks on a multiprocessor.
#define PINGJIA_KERNEL(threads, blocks) static __global__ void __launch_bounds__(threads, blocks)
#define PINGJIA_UNROLL _Pragma("unroll")
/// Of a parameter that the kernel only reads: one copy, in constant memory.
#define PINGJIA_PARAMETER const __grid_constant__
#else
#define PINGJIA_DEVICE inline
#define PINGJIA_HOST_DEVICE inline
#define PINGJIA_KERNEL(threads, blocks) static void
#define PINGJIA_UNROLL
#define PINGJIA_PARAMETER const
#endif

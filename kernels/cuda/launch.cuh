#pragma once

#include <utility>

#include "kernels/cuda/qualifiers.cuh"
#include "kernels/cuda/stream.h"

#ifdef __CUDACC__
#include "kernels/cuda/status.cuh"
#else
#include <functional>
#endif

namespace pingjia::kernels::cuda {

struct Grid {
  int x = 1, y = 1, z = 1;
  int threads = 32;      ///< In a block.
  int shared_bytes = 0;  ///< Of dynamic_shared().
};

/// Puts a kernel on the stream. Throws what status.cuh throws when the device refuses it.
#ifdef __CUDACC__
template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), const Grid& grid, Stream stream,
            Arguments&&... arguments) {
  if (grid.x == 0 || grid.y == 0 || grid.z == 0) return;
  // Over 48 KB must be asked for, once per kernel and device; asking again costs half a
  // microsecond.
  if (grid.shared_bytes > (48 << 10)) {
    check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                               grid.shared_bytes),
          "raise the limit of shared memory");
  }
  const dim3 blocks(static_cast<unsigned>(grid.x), static_cast<unsigned>(grid.y),
                    static_cast<unsigned>(grid.z));
  kernel<<<blocks, static_cast<unsigned>(grid.threads), static_cast<std::size_t>(grid.shared_bytes),
           stream>>>(std::forward<Arguments>(arguments)...);
  check(cudaGetLastError(), "launch a kernel");
}
#else
/// Runs all blocks, one after the other, each of `grid.threads` emulated threads that call `body`.
void emulate(const Grid& grid, const std::function<void()>& body);

template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), const Grid& grid, Stream,
            const Arguments&... arguments) {
  emulate(grid, [&] { kernel(arguments...); });
}
#endif

}  // namespace pingjia::kernels::cuda

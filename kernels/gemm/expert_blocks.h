#pragma once

#include "kernels/gemm/device_grouped.h"
#include "kernels/measure/cuda/memory.h"

namespace pingjia::kernels::cuda {

/// Which expert each block of rows belongs to, on the device, as GroupedGemmCall asks for it.
class ExpertBlocks {
 public:
  explicit ExpertBlocks(const GroupedShape& shape);

  const int* experts() const { return experts_.as<int>(); }
  const int* blocks() const { return blocks_.as<int>(); }
  int count() const { return count_; }

 private:
  Memory experts_, blocks_;
  int count_ = 0;
};

}  // namespace pingjia::kernels::cuda

#include "kernels/gemm/expert_blocks.h"

namespace pingjia::kernels::cuda {

ExpertBlocks::ExpertBlocks(const GroupedShape& shape) {
  const std::vector<int> starts = shape.starts();
  std::vector<int> experts;
  for (std::size_t expert = 0; expert < shape.counts.size(); ++expert) {
    const int blocks = (starts[expert + 1] - starts[expert]) / shape.block;
    experts.insert(experts.end(), static_cast<std::size_t>(blocks), static_cast<int>(expert));
  }
  count_ = static_cast<int>(experts.size());
  experts_ = on_device(experts);
  blocks_ = on_device(std::vector<int>{count_});
}

}  // namespace pingjia::kernels::cuda

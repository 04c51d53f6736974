#include "kernels/moe/layer.h"

namespace pingjia::kernels {

double MoeShape::flops() const {
  return 6.0 * static_cast<double>(tokens * top_k) * static_cast<double>(hidden) *
         static_cast<double>(intermediate);
}

double MoeShape::minimum_bytes(std::int64_t active, int weight_bytes) const {
  const double weights = 3.0 * static_cast<double>(hidden) * static_cast<double>(intermediate);
  return static_cast<double>(active) * weights * weight_bytes +
         2.0 * static_cast<double>(tokens * hidden) * sizeof(Bf16);
}

}  // namespace pingjia::kernels

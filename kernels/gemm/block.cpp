#include "kernels/gemm/block.h"

#include <algorithm>

namespace pingjia::kernels {

void multiply_block(const std::byte* a, std::int64_t rows, const PackedWeights& weights,
                    std::int64_t first, std::int64_t last, float* c, std::int64_t stride) {
  const Micro& micro = weights.micro();
  const std::int64_t steps = micro.steps(weights.k());
  const std::int64_t a_bytes = steps * micro.a_step_bytes();
  // A panel of B in half of a first cache of 32 KiB, beside the panels of A that stream past.
  const std::int64_t piece =
      std::max<std::int64_t>(1, (std::int64_t{16} << 10) / micro.b_step_bytes());
  for (std::int64_t step = 0; step < steps; step += piece) {
    const std::int64_t some = std::min(piece, steps - step);
    for (std::int64_t panel = first; panel < last; ++panel) {
      const std::byte* b = weights.panel(panel) + step * micro.b_step_bytes();
      for (std::int64_t row = 0; row < rows; row += micro.rows) {
        const auto live = static_cast<int>(std::min<std::int64_t>(micro.rows, rows - row));
        micro.multiply(a + row / micro.rows * a_bytes + step * micro.a_step_bytes(), b, some, live,
                       c + row * stride + (panel - first) * micro.columns, stride, step > 0);
      }
    }
  }
}

}  // namespace pingjia::kernels

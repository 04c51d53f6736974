#include "kernels/gemm/block.h"

#include <algorithm>

namespace pingjia::kernels {
namespace {

/// A panel of B in half of a first cache of 32 KiB, beside the panels of A that stream past.
std::int64_t steps_per_piece(const Micro& micro) {
  return std::max<std::int64_t>(1, (std::int64_t{16} << 10) / micro.b_step_bytes());
}

/// Asks for `count` bytes, so that they lie in the second cache when they are read.
void fetch(const std::byte* from, std::int64_t count) {
  constexpr std::int64_t kLine = 64;
  for (std::int64_t at = 0; at < count; at += kLine) __builtin_prefetch(from + at, 0, 2);
}

/// One panel of rows: every panel of B is read once, in the order it lies in memory.
void multiply_few(const std::byte* a, int rows, const PackedWeights& weights, std::int64_t first,
                  std::int64_t last, float* c) {
  const Micro& micro = weights.micro();
  const std::int64_t steps = micro.steps(weights.k());
  const std::int64_t piece = rows <= micro.one_pass_rows ? steps : steps_per_piece(micro);
  for (std::int64_t panel = first; panel < last; ++panel, c += micro.rows * micro.columns) {
    for (std::int64_t step = 0; step < steps; step += piece) {
      micro.stream(a + step * micro.a_step_bytes(),
                   weights.panel(panel) + step * micro.b_step_bytes(),
                   std::min(piece, steps - step), rows, c, micro.columns, step > 0);
    }
  }
}

}  // namespace

void multiply_block(const std::byte* a, std::int64_t rows, const PackedWeights& weights,
                    std::int64_t first, std::int64_t last, float* c) {
  const Micro& micro = weights.micro();
  if (rows <= micro.rows) {
    return multiply_few(a, static_cast<int>(rows), weights, first, last, c);
  }
  const std::int64_t steps = micro.steps(weights.k());
  const SumBlocks sums{micro, last - first};
  const std::int64_t a_bytes = steps * micro.a_step_bytes();
  const std::int64_t piece = steps_per_piece(micro);
  const std::int64_t row_panels = (rows + micro.rows - 1) / micro.rows;
  for (std::int64_t step = 0; step < steps; step += piece) {
    const std::int64_t some = std::min(piece, steps - step);
    for (std::int64_t panel = first; panel < last; ++panel) {
      const std::byte* b = weights.panel(panel) + step * micro.b_step_bytes();
      // The piece after this one comes from further away than the sums of one row of panels take:
      // each of them asks for its share of it.
      const bool wraps = panel + 1 == last;
      const std::byte* next = wraps ? weights.panel(first) + (step + some) * micro.b_step_bytes()
                                    : weights.panel(panel + 1) + step * micro.b_step_bytes();
      const std::int64_t next_steps = wraps ? std::min(piece, steps - step - some) : some;
      const std::int64_t share = next_steps * micro.b_step_bytes() / row_panels;
      for (std::int64_t row = 0; row < rows; row += micro.rows) {
        const auto live = static_cast<int>(std::min<std::int64_t>(micro.rows, rows - row));
        fetch(next + row / micro.rows * share, share);
        micro.multiply(a + row / micro.rows * a_bytes + step * micro.a_step_bytes(), b, some, live,
                       c + sums.row(row) + (panel - first) * sums.block(), micro.columns, step > 0);
      }
    }
  }
}

}  // namespace pingjia::kernels

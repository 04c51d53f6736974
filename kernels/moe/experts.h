#pragma once

#include <memory>
#include <vector>

#include "kernels/gemm/panel.h"
#include "kernels/moe/gate_rows.h"
#include "kernels/moe/layer.h"
#include "kernels/moe/permutation.h"
#include "kernels/processor/row_ops.h"

namespace pingjia::kernels {

/// The experts of a layer as two grouped products: tokens are gathered while they are packed,
/// SwiGLU runs on the sums of the first product while they are in the cache and writes the panels
/// that the second one reads, and each thread adds the second one's rows to the outputs of columns
/// that it alone owns. Weights are packed at the making.
class Experts final : public MoeCall {
 public:
  Experts(Isa isa, const MoeShape& shape, const MoeWeights& weights, Threads& threads);

  void run(const Bf16* x, const Routing& routing, Bf16* out) override;
  std::vector<std::span<const std::byte>> weights() const override;

 private:
  /// Up to kBlockRows rows of one expert: [first, first + rows) of the sorted entries, and where
  /// their panels stand.
  struct Block {
    std::int64_t expert, first, rows, panel;
  };

  void plan();
  void gather(const Bf16* x);
  void multiply_gate_up();
  void multiply_down(Bf16* out);
  void down_columns(std::int64_t first, std::int64_t last, float* totals, float* sums);
  std::int64_t columns_per_task(std::int64_t panels, std::int64_t blocks) const;

  MoeShape shape_;
  const Micro& micro_;
  GateRow gate_row_;
  const RowOps& row_ops_;
  Threads& threads_;
  std::vector<PackedWeights> gate_up_, down_;  ///< One for each expert.
  Permutation sorted_;
  std::vector<Block> blocks_;
  Buffer x_;       ///< Panels of the tokens, expert by expert.
  Buffer hidden_;  ///< Panels of SwiGLU's results.
  Buffer sums_;    ///< One block of sums for each thread.
  Buffer totals_;  ///< [thread][tokens][columns of a task]
};

/// Experts for each instruction set that is here, the best first.
std::vector<MoeMaker> our_moe_layers();

}  // namespace pingjia::kernels

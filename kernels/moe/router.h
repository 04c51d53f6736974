#pragma once

#include <cstdint>
#include <vector>

#include "kernels/gemm/panel.h"
#include "kernels/moe/layer.h"

namespace pingjia::kernels {

/// How a layer chooses its experts: a product, a score, a choice.
struct RouterShape {
  std::int64_t tokens = 1;
  std::int64_t hidden = 1;
  std::int64_t experts = 1;
  std::int64_t top_k = 1;
  bool sigmoid = false;         ///< Scores are sigmoids, else a softmax over all experts.
  std::int64_t groups = 1;      ///< Divides experts. A token first chooses
  std::int64_t top_groups = 1;  ///< so many, by the sum of each one's two best biased scores.
  float scale = 1;              ///< Of the weights, which else sum to 1.

  /// 2 tokens hidden experts; the choice is not counted.
  double flops() const;
  /// Research table "Router": tokens, weights, logits and the chosen, each once.
  double minimum_bytes() const;
};

/// Chooses from one token's logits [experts]. `bias` [experts] is added to the scores for choosing
/// and not for weighing (DeepSeek-V3, arXiv 2412.19437, 2.1.2); null: none. The best first; of
/// equal ones the lower number. Writes top_k experts and weights.
void choose_experts(const RouterShape& shape, const float* logits, const float* bias,
                    std::int32_t* experts, float* weights);

/// Product and choice in one pass: a token's logits are chosen from while they are in the cache.
class Router {
 public:
  /// weights [experts][hidden], packed here; bias as choose_experts wants it, kept.
  Router(Isa isa, const RouterShape& shape, const Bf16* weights, const float* bias,
         Threads& threads);

  /// x [tokens][hidden]; experts and weights [tokens][top_k].
  void run(const Bf16* x, std::int32_t* experts, float* weights);

  const PackedWeights& packed() const { return weights_; }

 private:
  RouterShape shape_;
  PackedWeights weights_;
  const float* bias_;
  Threads& threads_;
  Buffer x_;     ///< One panel of tokens for each thread.
  Buffer sums_;  ///< And their logits.
};

}  // namespace pingjia::kernels

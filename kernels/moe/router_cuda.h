#pragma once

#include "kernels/cuda/stream.h"

namespace pingjia::kernels::cuda {

/// The choice of each token's experts, from the logits of the router's product on. All pointers are
/// the device's; tensors dense and row-major.
struct RouterCall {
  const float* logits = nullptr;  ///< [tokens, experts]; NaN counts as minus infinity.
  const float* bias = nullptr;    ///< [experts] or null: added to the scores for the choice only.
  int* chosen = nullptr;     ///< [tokens, top]: experts, best first; of equals the lower number.
  float* weights = nullptr;  ///< [tokens, top]: their scores, without bias.
  int tokens = 0;
  int experts = 1;  ///< At most 512.
  int top = 1;      ///< At most the experts of the kept groups.
  /// Scores: 1 / (1 + e^-logit) when true, else the softmax over all experts.
  bool sigmoid = false;
  bool normalised = true;  ///< Whether a token's weights are divided by their sum.
  float scale = 1;         ///< Of the weights, at the end.
  /// Experts in equal groups of neighbours, at most 32; those outside the `kept_groups` best groups
  /// are not chosen. A group is as good as the sum of its two best (DeepSeek-V3, section 2.1.2).
  int groups = 1, kept_groups = 1;
};

/// Puts the choice on the stream: one pass, one warp for each token. Throws std::invalid_argument
/// for a shape it does not have.
void route(const RouterCall& call, Stream stream);

}  // namespace pingjia::kernels::cuda

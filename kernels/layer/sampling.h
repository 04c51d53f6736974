#pragma once

#include <cstdint>
#include <span>

namespace pingjia::kernels {

/// How a token is drawn from logits.
struct SamplingRule {
  float temperature = 1;   ///< Above 0.
  std::int64_t top_k = 0;  ///< The most likely so many only; 0: all.
  float top_p = 1;         ///< Then the most likely whose chances together reach this (Holtzman et
                           ///< al., "The curious case of neural text degeneration", 2020).
};

/// The token that `uniform`, in [0, 1), draws: softmax(logits / temperature), cut by the rule,
/// summed from the most likely down. Of equal logits the first comes first. Linear in the
/// vocabulary but for the sorting of what top_k leaves. Logits are finite and not empty.
std::int32_t sample_token(std::span<const float> logits, const SamplingRule& rule, double uniform);

}  // namespace pingjia::kernels

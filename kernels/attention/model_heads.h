#pragma once

#include "kernels/attention/shape.h"
#include "kernels/catalog/model_shape.h"

namespace pingjia::kernels {

/// Heads and widths of a model's attention over a prompt. Latent attention computes keys and values
/// of every head there (not absorbed).
AttentionShape model_heads(const ModelShape& model);

/// And of latent attention for a new token, absorbed: every head reads the one latent vector of a
/// key, whose first part is the value too (DeepSeek-V2, arXiv 2405.04434, 2.1.2). The model has it.
AttentionShape latent_heads(const ModelShape& model);

}  // namespace pingjia::kernels

#pragma once

#include <vector>

#include "kernels/attention/call.h"
#include "kernels/gemm/product.h"
#include "kernels/moe/layer.h"

namespace pingjia::kernels {

/// ggml of the pinned llama.cpp, as adapters/engines builds it. Absent in a build without it.
ProductMaker<Bf16> ggml_bf16_product();
/// flash_attn_ext, and mul_mat with soft_max_ext.
std::vector<AttentionMaker> ggml_attentions();
MoeMaker ggml_moe_layer();

}  // namespace pingjia::kernels

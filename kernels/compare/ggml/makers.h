#pragma once

#include "kernels/attention/call.h"
#include "kernels/gemm/head_product.h"
#include "kernels/gemm/weight_only.h"
#include "kernels/moe/layer.h"

namespace pingjia::kernels {

/// ggml, the tensor library of llama.cpp.
ProductMaker<Bf16> ggml_bf16_product();
/// Its Q8_0 or Q4_0. k must be a multiple of 32.
WeightOnlyMaker ggml_weight_only_product(int bits);
HeadProductMaker ggml_head_product();
/// Two products with a softmax between them, and flash_attn_ext.
AttentionMaker ggml_attention();
AttentionMaker ggml_flash_attention();
/// The graph that llama.cpp builds for a mixture of experts.
MoeMaker ggml_moe_layer();

}  // namespace pingjia::kernels

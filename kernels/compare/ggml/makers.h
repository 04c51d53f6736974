#pragma once

#include "kernels/attention/call.h"
#include "kernels/gemm/product.h"
#include "kernels/moe/layer.h"

namespace pingjia::kernels {

/// ggml, the tensor library of llama.cpp.
ProductMaker<Bf16> ggml_bf16_product();
/// Two products with a softmax between them, and flash_attn_ext.
AttentionMaker ggml_attention();
AttentionMaker ggml_flash_attention();
/// The graph that llama.cpp builds for a mixture of experts.
MoeMaker ggml_moe_layer();

}  // namespace pingjia::kernels

#pragma once

#include "kernels/attention/call.h"
#include "kernels/gemm/product.h"
#include "kernels/moe/layer.h"

namespace pingjia::kernels {

/// oneDNN 2 (libdnnl.so.2). Weights are reordered once into the layout that its product prefers.
ProductMaker<Bf16> onednn_bf16_product();
ProductMaker<float> onednn_fp32_product();
/// Products and softmax of oneDNN on blocks of queries whose scores stay in the cache.
AttentionMaker onednn_attention();
/// Expert by expert, two products of oneDNN with gathering, SwiGLU and sums between them.
MoeMaker onednn_moe_layer();

}  // namespace pingjia::kernels

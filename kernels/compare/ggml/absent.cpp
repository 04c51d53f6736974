// Built in place of the others here where llama.cpp is not.
#include "kernels/compare/ggml/makers.h"

namespace pingjia::kernels {
namespace {

const char* const kReason = "built without llama.cpp (-DPINGJIA_LLAMA=OFF)";

}  // namespace

ProductMaker<Bf16> ggml_bf16_product() {
  return {.implementation = "ggml", .ours = false, .absent = kReason, .make = {}};
}

WeightOnlyMaker ggml_weight_only_product(int /*bits*/) {
  return {.implementation = "ggml", .ours = false, .absent = kReason, .make = {}};
}

HeadProductMaker ggml_head_product() {
  return {.implementation = "ggml", .ours = false, .absent = kReason, .make = {}};
}

AttentionMaker ggml_attention() {
  return {.implementation = "ggml", .ours = false, .absent = kReason, .make = {}};
}

AttentionMaker ggml_flash_attention() {
  return {.implementation = "ggml flash", .ours = false, .absent = kReason, .make = {}};
}

MoeMaker ggml_moe_layer() {
  return {.implementation = "ggml", .ours = false, .absent = kReason, .make = {}};
}

}  // namespace pingjia::kernels

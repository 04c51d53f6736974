#include "kernels/compare/ggml/makers.h"

namespace pingjia::kernels {
namespace {

constexpr const char* kAbsent = "built without llama.cpp (configure with -DPINGJIA_LLAMA=ON)";

}  // namespace

ProductMaker<Bf16> ggml_bf16_product() {
  return {.implementation = "ggml", .ours = false, .absent = kAbsent, .make = {}};
}

std::vector<AttentionMaker> ggml_attentions() {
  return {{.implementation = "ggml flash", .ours = false, .absent = kAbsent, .make = {}},
          {.implementation = "ggml", .ours = false, .absent = kAbsent, .make = {}}};
}

MoeMaker ggml_moe_layer() {
  return {.implementation = "ggml", .ours = false, .absent = kAbsent, .make = {}};
}

}  // namespace pingjia::kernels

#include "kernels/compare/onednn/makers.h"

namespace pingjia::kernels {
namespace {

constexpr const char* kAbsent = "built without oneDNN's header (apt-get install libdnnl-dev)";

}  // namespace

ProductMaker<Bf16> onednn_bf16_product() {
  return {.implementation = "onednn", .ours = false, .absent = kAbsent, .make = {}};
}

ProductMaker<float> onednn_fp32_product() {
  return {.implementation = "onednn", .ours = false, .absent = kAbsent, .make = {}};
}

AttentionMaker onednn_attention() {
  return {.implementation = "onednn", .ours = false, .absent = kAbsent, .make = {}};
}

MoeMaker onednn_moe_layer() {
  return {.implementation = "onednn", .ours = false, .absent = kAbsent, .make = {}};
}

}  // namespace pingjia::kernels

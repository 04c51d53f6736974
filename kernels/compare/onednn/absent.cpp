// Built in place of the others here where oneDNN's header is not.
#include "kernels/compare/onednn/makers.h"

namespace pingjia::kernels {
namespace {

const char* const kReason =
    "built without the header of oneDNN 2 (apt-get install libdnnl-dev, and configure again)";

}  // namespace

ProductMaker<Bf16> onednn_bf16_product() {
  return {.implementation = "onednn", .ours = false, .absent = kReason, .make = {}};
}

ProductMaker<float> onednn_fp32_product() {
  return {.implementation = "onednn", .ours = false, .absent = kReason, .make = {}};
}

AttentionMaker onednn_attention() {
  return {.implementation = "onednn", .ours = false, .absent = kReason, .make = {}};
}

MoeMaker onednn_moe_layer() {
  return {.implementation = "onednn", .ours = false, .absent = kReason, .make = {}};
}

}  // namespace pingjia::kernels

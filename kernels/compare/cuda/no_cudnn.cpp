// In the place of cudnn*.cpp where the headers of cudnn-frontend are not.
#include "kernels/compare/cuda/attention_makers.h"
#include "kernels/gemm/device_grouped.h"

namespace pingjia::kernels::cuda {
namespace {

constexpr const char* kReason =
    "built without the headers of cudnn-frontend (PINGJIA_CUDNN_FRONTEND)";

}  // namespace

std::vector<PrefillMaker> vendors_prefills() {
  return {{.implementation = "cudnn", .ours = false, .absent = kReason, .make = {}}};
}

std::vector<DecodeMaker> vendors_decodes() {
  return {{.implementation = "cudnn", .ours = false, .absent = kReason, .make = {}}};
}

DeviceGroupedMaker cudnn_grouped() {
  return {.implementation = "cudnn grouped", .ours = false, .absent = kReason, .make = {}};
}

}  // namespace pingjia::kernels::cuda

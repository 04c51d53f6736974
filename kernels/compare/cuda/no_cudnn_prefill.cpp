#include "kernels/compare/cuda/prefill_makers.h"

namespace pingjia::kernels::cuda {

std::vector<PrefillMaker> vendors_prefills() {
  PrefillMaker maker{.implementation = "cudnn", .ours = false, .absent = "", .make = {}};
  maker.absent = "built without the headers of cudnn-frontend (PINGJIA_CUDNN_FRONTEND)";
  return {maker};
}

}  // namespace pingjia::kernels::cuda

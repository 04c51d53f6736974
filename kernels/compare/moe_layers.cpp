#include "kernels/compare/moe_layers.h"

#include "kernels/compare/onednn/makers.h"

namespace pingjia::kernels {

std::vector<MoeMaker> other_moe_layers() {
  return {onednn_moe_layer()};
}

}  // namespace pingjia::kernels

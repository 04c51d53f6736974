#include "kernels/compare/products.h"

#include "kernels/compare/onednn/makers.h"

namespace pingjia::kernels {

std::vector<ProductMaker<Bf16>> other_bf16_products() {
  return {onednn_bf16_product()};
}

std::vector<ProductMaker<float>> other_fp32_products() {
  return {onednn_fp32_product()};
}

}  // namespace pingjia::kernels

#include "kernels/compare/products.h"

#include "kernels/compare/blas/makers.h"
#include "kernels/compare/ggml/makers.h"
#include "kernels/compare/onednn/makers.h"

namespace pingjia::kernels {

std::vector<ProductMaker<Bf16>> other_bf16_products() {
  return {onednn_bf16_product(), ggml_bf16_product()};
}

std::vector<ProductMaker<float>> other_fp32_products() {
  return {onednn_fp32_product(), openblas_product(), blis_product()};
}

std::vector<WeightOnlyMaker> other_weight_only_products(int bits) {
  return {ggml_weight_only_product(bits)};
}

std::vector<HeadProductMaker> other_head_products() {
  return {ggml_head_product()};
}

}  // namespace pingjia::kernels

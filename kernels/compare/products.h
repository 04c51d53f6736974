#pragma once

#include <vector>

#include "kernels/gemm/head_product.h"
#include "kernels/gemm/weight_only.h"

namespace pingjia::kernels {

/// Linear layers of libraries that are not ours, whether they are here or not.
std::vector<ProductMaker<Bf16>> other_bf16_products();
std::vector<ProductMaker<float>> other_fp32_products();
/// `bits` is 8 or 4.
std::vector<WeightOnlyMaker> other_weight_only_products(int bits);
std::vector<HeadProductMaker> other_head_products();

}  // namespace pingjia::kernels

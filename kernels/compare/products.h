#pragma once

#include <vector>

#include "kernels/gemm/product.h"

namespace pingjia::kernels {

/// Linear layers of libraries that are not ours, whether they are here or not.
std::vector<ProductMaker<Bf16>> other_bf16_products();
std::vector<ProductMaker<float>> other_fp32_products();

}  // namespace pingjia::kernels

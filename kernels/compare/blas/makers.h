#pragma once

#include "kernels/gemm/product.h"

namespace pingjia::kernels {

/// The sgemm of OpenBLAS and of BLIS, in their builds with threads of their own.
ProductMaker<float> openblas_product();
ProductMaker<float> blis_product();

}  // namespace pingjia::kernels

#pragma once

#include "kernels/gemm/product.h"

namespace pingjia::kernels {

/// cblas_sgemm; `file` is the library as the loader looks for it. BLAS has no call that packs
/// weights once: it packs them at every call.
ProductMaker<float> openblas_product(const char* file = "libopenblas.so.0");
ProductMaker<float> blis_product(const char* file = "libblis.so.4");
/// Debian's library is built without cblas_sbgemm, which `absent` then says.
ProductMaker<Bf16> openblas_bf16_product();

}  // namespace pingjia::kernels

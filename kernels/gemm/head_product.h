#pragma once

#include <vector>

#include "kernels/gemm/product.h"

namespace pingjia::kernels {

/// A matrix for each head: out[row][head][columns] = a[row][head][k] times the transpose of
/// weights[head][columns][k]. Latent attention absorbs its two projections so: the queries' into
/// the latent space before attention, the values' out of it after (DeepSeek-V2, arXiv
/// 2405.04434, 2.1.2).
struct HeadShape {
  std::int64_t rows = 1;
  std::int64_t heads = 1;
  std::int64_t columns = 1;
  std::int64_t k = 1;

  double flops() const;
  /// Each operand moved once, in bf16.
  double minimum_bytes() const;
};

/// `weights` are [heads][columns][k].
using HeadProductMaker = Maker<Product<Bf16>, const HeadShape&, const Bf16*, Threads&>;

/// Ours for each instruction set that is here, the best first.
std::vector<HeadProductMaker> our_head_products();

}  // namespace pingjia::kernels

#pragma once

#include <vector>

#include "kernels/gemm/product.h"

namespace pingjia::kernels {

/// A linear layer in bf16 whose weights are stored in 8 or 4 bits ("weight-only" quantizing, w8a16
/// and w4a16): for decode, which takes as long as its weights are read.
class WeightOnlyProduct : public Product<Bf16> {
 public:
  /// The k weights of a column that it multiplies by, after their rounding: what a check must know
  /// to tell a wrong product from a coarse one.
  virtual void dequantize(std::int64_t column, float* out) const = 0;
};

/// As ProductMaker; `weights` are rounded in the making.
using WeightOnlyMaker = Maker<WeightOnlyProduct, const GemmShape&, const Bf16*, Threads&>;

/// Ours for each instruction set that is here, the best first. `bits` is 8 or 4.
std::vector<WeightOnlyMaker> our_weight_only_products(int bits);

/// What a call must move at the least: weights of `bits` bits with a scale in bf16 for each 128 of
/// them, activations and results in bf16 (research table "GEMV / skinny decode").
double weight_only_bytes(const GemmShape& shape, int bits);

}  // namespace pingjia::kernels

#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kernels/catalog/model_shape.h"
#include "kernels/gemm/dense.h"
#include "kernels/measure/trial.h"

namespace pingjia::kernels {

/// A product with weights of 8 or 4 bits, and its row without an implementation.
struct WeightOnlyCase {
  GemmShape shape;
  int bits = 8;
  Case row;
};

/// One matrix of a model's layer in 8 and in 4 bits, for decode of one and of 16 sequences.
std::vector<WeightOnlyCase> weight_only_cases(const ModelShape& model);

/// Nothing when `out` is `a` times the weights, whose columns `dequantize` writes, else one line:
/// some columns at random, with the last one.
std::optional<std::string> weight_only_fault(
    const GemmShape& shape, const Bf16* a, std::span<const Bf16> out,
    const std::function<void(std::int64_t column, float* weights)>& dequantize);

}  // namespace pingjia::kernels

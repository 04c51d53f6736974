#pragma once

#include <cstddef>
#include <vector>

#include "kernels/gemm/quantized_weights.h"

namespace pingjia::kernels::cuda {

/// The same integers and scales in the order in which the product on a card reads them
/// (WeightOnlyLayout).
std::vector<std::byte> device_weights(const QuantizedWeights& weights, Threads& threads);

}  // namespace pingjia::kernels::cuda

#pragma once

#include <string>
#include <vector>

#include "kernels/catalog/model_shape.h"

namespace pingjia::kernels {

/// One matrix of a decoder's layer: [columns][k].
struct LinearLayer {
  std::string name;  ///< "qkv", "o", "gate_up", "down"; with latent attention "q_a", "q_b", "kv_a".
  std::int64_t columns = 0;
  std::int64_t k = 0;
};

/// Those that every token meets; routed experts are none of them. With latent attention, layers of
/// DeepSeek-V2 (arXiv 2405.04434, appendix C): q_a and q_b, or q where queries are not compressed.
std::vector<LinearLayer> linear_layers(const ModelShape& model);

}  // namespace pingjia::kernels

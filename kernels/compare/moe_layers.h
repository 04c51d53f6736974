#pragma once

#include <vector>

#include "kernels/moe/layer.h"

namespace pingjia::kernels {

/// Mixtures of experts of libraries that are not ours, whether they are here or not.
std::vector<MoeMaker> other_moe_layers();

}  // namespace pingjia::kernels

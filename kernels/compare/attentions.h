#pragma once

#include <vector>

#include "kernels/attention/call.h"

namespace pingjia::kernels {

/// Attention of libraries that are not ours, whether they are here or not; those that cannot do
/// this shape say so in `absent`.
std::vector<AttentionMaker> other_attentions(const AttentionShape& shape);

}  // namespace pingjia::kernels

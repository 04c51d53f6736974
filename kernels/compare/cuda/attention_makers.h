#pragma once

#include <vector>

#include "kernels/attention/device_attention.h"

namespace pingjia::kernels::cuda {

/// Of the vendors' libraries, absent ones with the reason.
std::vector<PrefillMaker> vendors_prefills();
std::vector<DecodeMaker> vendors_decodes();

}  // namespace pingjia::kernels::cuda

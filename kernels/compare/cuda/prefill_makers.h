#pragma once

#include <vector>

#include "kernels/attention/device_attention.h"

namespace pingjia::kernels::cuda {

/// Prefill of the vendors' libraries, absent ones with the reason.
std::vector<PrefillMaker> vendors_prefills();

}  // namespace pingjia::kernels::cuda

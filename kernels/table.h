#pragma once

#include <string_view>

namespace pingjia::kernels {

/// JSON of the shipped catalogue of cards and processors: catalog/gpus.json, compiled in.
std::string_view gpu_catalog();

}  // namespace pingjia::kernels

#pragma once

#include <string_view>

namespace pingjia::kernels {

/// JSON of the shipped catalogue of cards and processors: catalog/gpus.json, compiled in.
std::string_view gpu_catalog();

/// JSON of the named shapes of models: catalog/models.json, compiled in.
std::string_view model_catalog();

}  // namespace pingjia::kernels

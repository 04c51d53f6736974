#include "kernels/table.h"

namespace pingjia::kernels {

extern const std::string_view kGpusJson;
extern const std::string_view kModelsJson;

std::string_view gpu_catalog() {
  return kGpusJson;
}

std::string_view model_catalog() {
  return kModelsJson;
}

}  // namespace pingjia::kernels

#include "kernels/table.h"

namespace pingjia::kernels {

extern const std::string_view kGpusJson;

std::string_view gpu_catalog() {
  return kGpusJson;
}

}  // namespace pingjia::kernels

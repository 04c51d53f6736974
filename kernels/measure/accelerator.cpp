#include "kernels/measure/accelerator.h"

#include <utility>

#include "harness/base/error.h"

namespace pingjia::kernels {
namespace {

std::vector<Accelerator>& added() {
  static std::vector<Accelerator> accelerators;
  return accelerators;
}

}  // namespace

bool add_accelerator(Accelerator accelerator) {
  added().push_back(std::move(accelerator));
  return true;
}

const Accelerator& find_accelerator(const std::string& name) {
  for (const Accelerator& accelerator : added()) {
    if (accelerator.name != name) continue;
    const std::string absent = accelerator.absent();
    if (absent.empty()) return accelerator;
    throw harness::Error("--device", name + " cannot be used here: " + absent,
                         "leave it out to measure the processor");
  }
  throw harness::Error(
      "--device", "this program was built without '" + name + "'",
      "configure with -DPINGJIA_CUDA=ON, or leave it out to measure the processor");
}

}  // namespace pingjia::kernels

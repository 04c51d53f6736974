#include "kernels/measure/accelerator.h"

#include "kernels/measure/cuda/device.h"
#include "kernels/measure/cuda/device_roofs.h"

namespace pingjia::kernels::cuda {
namespace {

const Device& device() {
  return *first_device().device;
}

[[maybe_unused]] const bool kAdded = add_accelerator(
    {.name = "cuda",
     .notice = "these kernels were written without a GPU and have never been seen to run on one",
     .absent = [] { return first_device().absent; },
     .roofs = [] { return measure_device_roofs(device()); },
     .context = [] { return device_context(device()); },
     .cache_bytes = [] { return device().l2_bytes; },
     // The rest is for graphs, libraries' workspaces and whoever else uses the card.
     .memory_bytes = [] { return device().free_bytes / 10 * 8; }});

}  // namespace
}  // namespace pingjia::kernels::cuda

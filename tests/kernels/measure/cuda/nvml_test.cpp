#include "kernels/measure/cuda/nvml.h"

#include <gtest/gtest.h>

namespace pingjia::kernels::cuda {
namespace {

// Where there is a card this is not its name, where there is none there is no library.
TEST(Nvml, ACardThatIsNotThereIsUnknownAndNoError) {
  const std::string none = "GPU-00000000-0000-0000-0000-000000000000";
  EXPECT_EQ(Nvml::open(none), nullptr);
  const auto context = nvml_context(none);
  for (const char* key : {"gpu_driver", "gpu_power_cap_watts", "gpu_clock_limit_hz", "gpu_ecc"}) {
    EXPECT_EQ(context.at(key), "unknown") << key;
  }
}

}  // namespace
}  // namespace pingjia::kernels::cuda

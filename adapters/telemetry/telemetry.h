#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "harness/money/telemetry.h"

namespace pingjia::adapters {

/// The meters of this machine. PINGJIA_NVML names another library than libnvidia-ml.so.1, or "off";
/// PINGJIA_POWERCAP another folder than /sys/class/powercap; CUDA_VISIBLE_DEVICES leaves GPUs out.
std::unique_ptr<harness::Telemetry> make_telemetry(
    const std::function<std::optional<std::string>(const std::string&)>& environment);

}  // namespace pingjia::adapters

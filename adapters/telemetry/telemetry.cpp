#include <ctime>
#include <memory>

#include "adapters/table.h"
#include "adapters/telemetry/nvml.h"
#include "adapters/telemetry/rapl.h"
#include "adapters/telemetry/sampler.h"

namespace pingjia::adapters {

namespace {

harness::Nanos monotonic_now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * harness::kSecond + time.tv_nsec;
}

}  // namespace

std::unique_ptr<harness::Telemetry> make_telemetry(
    const std::function<std::optional<std::string>(const std::string&)>& environment) {
  std::vector<std::unique_ptr<Meter>> meters;
  const std::string library = environment("PINGJIA_NVML").value_or("libnvidia-ml.so.1");
  if (library != "off") {
    meters.push_back(std::make_unique<NvmlMeter>(library, environment("CUDA_VISIBLE_DEVICES")));
  }
  meters.push_back(
      std::make_unique<RaplMeter>(environment("PINGJIA_POWERCAP").value_or("/sys/class/powercap")));
  return std::make_unique<Sampler>(std::move(meters), monotonic_now);
}

}  // namespace pingjia::adapters

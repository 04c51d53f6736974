#include "kernels/context.h"

#include <fstream>

#include "kernels/memory/bandwidth.h"
#include "kernels/memory/caches.h"

namespace pingjia::kernels {
namespace {

/// Of the first processor that says so in /proc/cpuinfo.
std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

}  // namespace

std::map<std::string, std::string> measurement_context() {
  const auto caches = last_level_cache_bytes("/sys/devices/system/cpu");
  return {
      {"pingjia_schema_version", "1"},
      {"pingjia_version", PINGJIA_VERSION},
      {"compiler", std::string(PINGJIA_COMPILER)},
      {"build_type", PINGJIA_BUILD_TYPE},
      {"processor", processor_name()},
      {"last_level_cache_bytes", caches ? std::to_string(*caches) : "unknown"},
      {"stores_bypass_caches", stores_bypass_caches() ? "true" : "false"},
      {"cuda", PINGJIA_HAS_CUDA ? "compiled in" : "not compiled in"},
  };
}

}  // namespace pingjia::kernels

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace pingjia::kernels::cuda {

/// A card as its driver describes it.
struct Device {
  std::string name;
  int architecture = 0;  ///< 80, 86, 89, 90, 100, 120
  int multiprocessors = 0;
  std::int64_t l2_bytes = 0;
  std::int64_t memory_bytes = 0;
  std::int64_t free_bytes = 0;
  std::int64_t shared_bytes = 0;  ///< The most one block may ask for.
  std::string uuid;               ///< "GPU-…", as NVML writes it.
  std::string driver;             ///< Highest CUDA version of the driver: "13.0".
};

/// The first card, or why there is none. The program starts without a driver: the runtime is linked
/// into it and looks for one here.
struct DeviceSearch {
  std::optional<Device> device;
  std::string absent;  ///< "no CUDA-capable device is detected"; empty when there is one.
};
const DeviceSearch& first_device();

/// What belongs beside every row: name, driver, and of NVML, where it is, clocks, power cap, ECC.
/// The card's identifier is hashed: two tables of one card can be told from two of two.
std::map<std::string, std::string> device_context(const Device& device);

}  // namespace pingjia::kernels::cuda

#include "kernels/measure/cuda/device.h"

#include <cuda_runtime.h>
#include <fmt/format.h>

#include "harness/base/rng.h"
#include "kernels/measure/cuda/nvml.h"

namespace pingjia::kernels::cuda {
namespace {

std::string uuid_text(const cudaUUID_t& uuid) {
  std::string text = "GPU-";
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", static_cast<unsigned char>(uuid.bytes[i]));
  }
  return text;
}

std::string version_text(int version) {
  return fmt::format("{}.{}", version / 1000, version % 1000 / 10);
}

Device describe(const cudaDeviceProp& properties) {
  Device device{.name = properties.name,
                .architecture = properties.major * 10 + properties.minor,
                .multiprocessors = properties.multiProcessorCount,
                .l2_bytes = properties.l2CacheSize,
                .memory_bytes = static_cast<std::int64_t>(properties.totalGlobalMem),
                .shared_bytes = static_cast<std::int64_t>(properties.sharedMemPerBlockOptin),
                .uuid = uuid_text(properties.uuid),
                .driver = ""};
  int version = 0;
  if (cudaDriverGetVersion(&version) == cudaSuccess) device.driver = version_text(version);
  std::size_t free_bytes = 0, total = 0;
  if (cudaMemGetInfo(&free_bytes, &total) == cudaSuccess) {
    device.free_bytes = static_cast<std::int64_t>(free_bytes);
  }
  return device;
}

DeviceSearch search() {
  int count = 0;
  cudaError_t status = cudaGetDeviceCount(&count);
  cudaDeviceProp properties{};
  if (status == cudaSuccess && count == 0) status = cudaErrorNoDevice;
  if (status == cudaSuccess) status = cudaSetDevice(0);
  if (status == cudaSuccess) status = cudaGetDeviceProperties(&properties, 0);
  if (status != cudaSuccess) return {.device = {}, .absent = cudaGetErrorString(status)};
  const Device device = describe(properties);
  if (device.architecture < 80) {
    return {.device = {}, .absent = device.name + " is older than sm_80"};
  }
  return {.device = device, .absent = ""};
}

}  // namespace

const DeviceSearch& first_device() {
  static const DeviceSearch found = search();
  return found;
}

std::map<std::string, std::string> device_context(const Device& device) {
  int runtime = 0;
  cudaRuntimeGetVersion(&runtime);
  std::map<std::string, std::string> context{
      {"gpu", device.name},
      {"gpu_architecture", fmt::format("sm_{}", device.architecture)},
      {"gpu_multiprocessors", std::to_string(device.multiprocessors)},
      {"gpu_l2_bytes", std::to_string(device.l2_bytes)},
      {"gpu_memory_bytes", std::to_string(device.memory_bytes)},
      {"gpu_uuid_hash", fmt::format("{:016x}", harness::hash_name(device.uuid))},
      {"cuda_driver", device.driver},
      {"cuda_runtime", version_text(runtime)},
  };
  context.merge(nvml_context(device.uuid));
  return context;
}

}  // namespace pingjia::kernels::cuda

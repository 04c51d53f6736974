#pragma once

#include <cstdint>
#include <string>

namespace pingjia::adapters {

/// Opaque: nvmlDevice_t.
struct NvmlDeviceHandle;
using NvmlDevice = NvmlDeviceHandle*;

/// nvmlReturn_t, as far as it is told apart.
enum NvmlReturn : int {
  kNvmlOk = 0,
  kNvmlNotSupported = 3,
  kNvmlNoPermission = 4,
  kNvmlInsufficientSize = 7,
  kNvmlFunctionNotFound = 13,
  kNvmlGpuLost = 15,
};

/// nvmlFieldValue_t: 40 bytes.
struct NvmlFieldValue {
  std::uint32_t field = 0;
  std::uint32_t scope = 0;  // 0 GPU, 1 module, 2 memory
  std::int64_t timestamp_us = 0;
  std::int64_t latency_us = 0;
  std::int32_t value_type = 0;  // 0 double, 1 u32, 2 unsigned long, 3 u64
  std::int32_t result = 0;
  union {
    double real;
    std::uint32_t u32;
    std::uint64_t u64;
  } value = {};
};
static_assert(sizeof(NvmlFieldValue) == 40);

/// nvmlMemory_v2_t: 40 bytes.
struct NvmlMemory {
  std::uint32_t version = sizeof(NvmlMemory) | (2U << 24U);
  std::uint32_t padding = 0;
  std::uint64_t total = 0;
  std::uint64_t reserved = 0;
  std::uint64_t free = 0;
  std::uint64_t used = 0;
};
static_assert(sizeof(NvmlMemory) == 40);

/// nvmlTemperature_v1_t: 12 bytes.
struct NvmlTemperature {
  std::uint32_t version = sizeof(NvmlTemperature) | (1U << 24U);
  std::uint32_t sensor = 0;
  std::int32_t celsius = 0;
};
static_assert(sizeof(NvmlTemperature) == 12);

/// nvmlProcessInfo_v2_t, of ..._v3: 24 bytes.
struct NvmlProcess {
  std::uint32_t pid = 0;
  std::uint32_t padding = 0;
  std::uint64_t memory = 0;
  std::uint32_t gpu_instance = 0;
  std::uint32_t compute_instance = 0;
};
static_assert(sizeof(NvmlProcess) == 24);

struct NvmlUtilisation {
  std::uint32_t gpu = 0;
  std::uint32_t memory = 0;
};

/// libnvidia-ml.so.1, opened by name and without its headers: the declarations are ours, after
/// research/local.md §4.1. Every function may be null, because old drivers lack some.
class NvmlLibrary {
 public:
  /// `path` is a file or a name for the dynamic loader. Where it cannot be opened, `problem` says
  /// why and every function is null.
  explicit NvmlLibrary(const std::string& path);
  ~NvmlLibrary();
  NvmlLibrary(const NvmlLibrary&) = delete;
  NvmlLibrary& operator=(const NvmlLibrary&) = delete;

  const std::string& problem() const { return problem_; }
  /// Our own test double, which says so by a symbol of its own.
  bool fake() const { return fake_; }
  /// "Not Supported", by the library's own words where it has them.
  std::string error(int code) const;

  int (*init)() = nullptr;
  int (*shutdown)() = nullptr;
  const char* (*error_string)(int) = nullptr;
  int (*driver_version)(char*, unsigned) = nullptr;
  int (*device_count)(unsigned*) = nullptr;
  int (*device_by_index)(unsigned, NvmlDevice*) = nullptr;
  int (*name)(NvmlDevice, char*, unsigned) = nullptr;
  int (*uuid)(NvmlDevice, char*, unsigned) = nullptr;
  int (*total_energy)(NvmlDevice, unsigned long long*) = nullptr;  // mJ
  int (*power_usage)(NvmlDevice, unsigned*) = nullptr;             // mW
  int (*field_values)(NvmlDevice, int, NvmlFieldValue*) = nullptr;
  int (*memory_info)(NvmlDevice, NvmlMemory*) = nullptr;
  int (*utilisation)(NvmlDevice, NvmlUtilisation*) = nullptr;
  int (*clock)(NvmlDevice, int, unsigned*) = nullptr;  // 1: SM; MHz
  int (*throttle_reasons)(NvmlDevice, unsigned long long*) = nullptr;
  int (*temperature)(NvmlDevice, NvmlTemperature*) = nullptr;
  int (*temperature_v0)(NvmlDevice, int, unsigned*) = nullptr;  // before driver 13
  int (*power_limit)(NvmlDevice, unsigned*) = nullptr;          // mW
  int (*mig_mode)(NvmlDevice, unsigned*, unsigned*) = nullptr;
  int (*processes)(NvmlDevice, unsigned*, NvmlProcess*) = nullptr;

 private:
  template <class Function>
  void find(Function*& function, const char* symbol_name, const char* older = nullptr);

  void* handle_ = nullptr;
  std::string problem_;
  bool fake_ = false;
};

}  // namespace pingjia::adapters

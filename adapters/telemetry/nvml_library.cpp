#include "adapters/telemetry/nvml_library.h"

#include <dlfcn.h>

namespace pingjia::adapters {

template <class Function>
void NvmlLibrary::find(Function*& function, const char* symbol_name, const char* older) {
  void* symbol = dlsym(handle_, symbol_name);
  if (symbol == nullptr && older != nullptr) symbol = dlsym(handle_, older);
  function = reinterpret_cast<Function*>(symbol);
}

NvmlLibrary::NvmlLibrary(const std::string& path)
    : handle_(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr) {
    const char* why = dlerror();
    problem_ = why != nullptr ? why : path + " cannot be opened";
    return;
  }
  fake_ = dlsym(handle_, "pingjia_fake_nvml") != nullptr;
  // The headers' macros hide the versioned names.
  find(init, "nvmlInit_v2");
  find(shutdown, "nvmlShutdown");
  find(error_string, "nvmlErrorString");
  find(driver_version, "nvmlSystemGetDriverVersion");
  find(device_count, "nvmlDeviceGetCount_v2");
  find(device_by_index, "nvmlDeviceGetHandleByIndex_v2");
  find(name, "nvmlDeviceGetName");
  find(uuid, "nvmlDeviceGetUUID");
  find(total_energy, "nvmlDeviceGetTotalEnergyConsumption");
  find(power_usage, "nvmlDeviceGetPowerUsage");
  find(field_values, "nvmlDeviceGetFieldValues");
  find(memory_info, "nvmlDeviceGetMemoryInfo_v2");
  find(utilisation, "nvmlDeviceGetUtilizationRates");
  find(clock, "nvmlDeviceGetClockInfo");
  find(throttle_reasons, "nvmlDeviceGetCurrentClocksEventReasons",
       "nvmlDeviceGetCurrentClocksThrottleReasons");
  find(temperature, "nvmlDeviceGetTemperatureV");
  find(temperature_v0, "nvmlDeviceGetTemperature");
  find(power_limit, "nvmlDeviceGetEnforcedPowerLimit");
  find(mig_mode, "nvmlDeviceGetMigMode");
  find(processes, "nvmlDeviceGetComputeRunningProcesses_v3");
}

NvmlLibrary::~NvmlLibrary() {
  if (handle_ != nullptr) dlclose(handle_);
}

std::string NvmlLibrary::error(int code) const {
  const char* words = error_string != nullptr ? error_string(code) : nullptr;
  return words != nullptr ? words : "NVML error " + std::to_string(code);
}

}  // namespace pingjia::adapters

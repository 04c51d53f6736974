#include "kernels/measure/cuda/nvml.h"

#include <dlfcn.h>
#include <fmt/format.h>

namespace pingjia::kernels::cuda {

// NVML's own prototypes, in part (nvml.h of the CUDA Toolkit; results are enums, 0 is success): so
// that neither its header nor its stub is needed to build.
struct Nvml::Library {
  void* handle = nullptr;
  int (*init)() = nullptr;
  int (*shutdown)() = nullptr;
  int (*card_by_uuid)(const char*, void**) = nullptr;
  int (*total_energy)(void*, unsigned long long*) = nullptr;
  int (*power_limit)(void*, unsigned*) = nullptr;
  int (*most_clock)(void*, unsigned, unsigned*) = nullptr;
  int (*ecc_mode)(void*, unsigned*, unsigned*) = nullptr;
  int (*driver_version)(char*, unsigned) = nullptr;

  template <class Function>
  void find(Function*& function, const char* name) const {
    function = reinterpret_cast<Function*>(dlsym(handle, name));
  }
};

std::unique_ptr<Nvml> Nvml::open(const std::string& uuid) {
  auto library = std::make_unique<Library>();
  library->handle = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library->handle == nullptr) return nullptr;
  library->find(library->init, "nvmlInit_v2");
  library->find(library->shutdown, "nvmlShutdown");
  library->find(library->card_by_uuid, "nvmlDeviceGetHandleByUUID");
  library->find(library->total_energy, "nvmlDeviceGetTotalEnergyConsumption");
  library->find(library->power_limit, "nvmlDeviceGetEnforcedPowerLimit");
  library->find(library->most_clock, "nvmlDeviceGetMaxClockInfo");
  library->find(library->ecc_mode, "nvmlDeviceGetEccMode");
  library->find(library->driver_version, "nvmlSystemGetDriverVersion");
  std::unique_ptr<Nvml> nvml(new Nvml);
  const bool usable = library->init != nullptr && library->shutdown != nullptr &&
                      library->card_by_uuid != nullptr && library->init() == 0;
  if (!usable) {
    dlclose(library->handle);
    return nullptr;
  }
  nvml->library_ = std::move(library);
  if (nvml->library_->card_by_uuid(uuid.c_str(), &nvml->card_) != 0) return nullptr;
  return nvml;
}

Nvml::~Nvml() {
  if (library_ == nullptr) return;
  library_->shutdown();
  dlclose(library_->handle);
}

std::optional<double> Nvml::joules() const {
  unsigned long long millijoules = 0;
  if (library_->total_energy == nullptr || library_->total_energy(card_, &millijoules) != 0) {
    return std::nullopt;
  }
  return static_cast<double>(millijoules) * 1e-3;
}

std::map<std::string, std::string> Nvml::context() const {
  constexpr unsigned kMultiprocessorClock = 1;  // NVML_CLOCK_SM
  std::map<std::string, std::string> context;
  char version[96] = {};
  if (library_->driver_version != nullptr &&
      library_->driver_version(version, sizeof version) == 0) {
    context["gpu_driver"] = version;
  }
  unsigned value = 0, pending = 0;
  if (library_->power_limit != nullptr && library_->power_limit(card_, &value) == 0) {
    context["gpu_power_cap_watts"] = fmt::format("{:g}", value * 1e-3);
  }
  if (library_->most_clock != nullptr &&
      library_->most_clock(card_, kMultiprocessorClock, &value) == 0) {
    context["gpu_clock_limit_hz"] = fmt::format("{:g}", value * 1e6);
  }
  if (library_->ecc_mode != nullptr && library_->ecc_mode(card_, &value, &pending) == 0) {
    context["gpu_ecc"] = value != 0 ? "on" : "off";
  }
  return context;
}

std::map<std::string, std::string> nvml_context(const std::string& uuid) {
  std::map<std::string, std::string> context;
  if (const auto nvml = Nvml::open(uuid)) context = nvml->context();
  for (const char* key : {"gpu_driver", "gpu_power_cap_watts", "gpu_clock_limit_hz", "gpu_ecc"}) {
    context.emplace(key, "unknown");
  }
  return context;
}

}  // namespace pingjia::kernels::cuda

#include "adapters/telemetry/nvml.h"

#include <fmt/format.h>

#include <array>
#include <sstream>

namespace pingjia::adapters {

namespace {

using harness::MeteredDevice;

constexpr unsigned kPowerInstant = 186;  // field
constexpr int kSmClock = 1;
constexpr unsigned kBusyPercent = 3;

// NVML's reasons that slow work down; idleness (1), a clock the user set (2) and sync boost (0x10)
// do not.
unsigned throttle_of(unsigned long long reasons) {
  unsigned throttle = 0;
  if ((reasons & 0x04U) != 0) throttle |= harness::kPowerCap;
  if ((reasons & 0x08U) != 0) throttle |= harness::kHardwareSlowdown;
  if ((reasons & 0x60U) != 0) throttle |= harness::kThermal;
  if ((reasons & 0x80U) != 0) throttle |= harness::kPowerBrake;
  return throttle;
}

// Whether CUDA_VISIBLE_DEVICES lets programs see this GPU.
bool is_visible(const std::optional<std::string>& visible, unsigned index,
                const std::string& uuid) {
  if (!visible) return true;
  std::istringstream list(*visible);
  for (std::string entry; std::getline(list, entry, ',');) {
    // A UUID may be cut short.
    if (entry == std::to_string(index) || (entry.size() > 4 && uuid.rfind(entry, 0) == 0)) {
      return true;
    }
    // A slice of a GPU names no board: then none is left out.
    if (entry.rfind("MIG-", 0) == 0) return true;
  }
  return false;
}

std::string text_of(int (*call)(NvmlDevice, char*, unsigned), NvmlDevice handle) {
  std::array<char, 96> text{};
  if (call == nullptr || call(handle, text.data(), text.size()) != kNvmlOk) return "";
  return text.data();
}

}  // namespace

NvmlMeter::NvmlMeter(const std::string& library, const std::optional<std::string>& visible)
    : library_(library) {
  if (!library_.problem().empty()) {
    missing_ = "NVML: " + library_.problem();
  } else if (library_.init == nullptr || library_.device_count == nullptr ||
             library_.device_by_index == nullptr) {
    missing_ = "NVML: " + library + " lacks nvmlInit_v2 and its like";
  } else if (const int code = library_.init(); code != kNvmlOk) {
    missing_ = "NVML: " + library_.error(code);
  } else {
    started_ = true;
    find_devices(visible);
    if (devices_.empty() && missing_.empty()) missing_ = "NVML: no GPU is visible";
  }
}

NvmlMeter::~NvmlMeter() {
  if (started_ && library_.shutdown != nullptr) library_.shutdown();
}

void NvmlMeter::find_devices(const std::optional<std::string>& visible) {
  unsigned count = 0;
  if (const int code = library_.device_count(&count); code != kNvmlOk) {
    missing_ = "NVML: " + library_.error(code);
    return;
  }
  std::array<char, 80> driver{};
  if (library_.driver_version != nullptr &&
      library_.driver_version(driver.data(), driver.size()) != kNvmlOk) {
    driver[0] = '\0';
  }
  for (unsigned index = 0; index < count; ++index) add_device(index, visible, driver.data());
}

void NvmlMeter::add_device(unsigned index, const std::optional<std::string>& visible,
                           const std::string& driver) {
  MeteredDevice device;
  device.scope = "GPU board";
  device.meter = "NVML";
  device.driver = driver;
  device.fake = library_.fake();
  device.name = fmt::format("GPU {}", index);
  device.id = device.name;
  NvmlDevice handle = nullptr;
  const int code = library_.device_by_index(index, &handle);
  if (code != kNvmlOk) {
    handle = nullptr;
    device.unknown = library_.error(code);
  } else {
    describe(handle, device);
  }
  if (!is_visible(visible, index, device.id)) return;
  devices_.push_back(std::move(device));
  handles_.push_back(handle);
}

void NvmlMeter::describe(NvmlDevice handle, MeteredDevice& device) {
  if (const auto name = text_of(library_.name, handle); !name.empty()) device.name = name;
  if (const auto uuid = text_of(library_.uuid, handle); !uuid.empty()) device.id = uuid;
  NvmlMemory memory;
  if (library_.memory_info != nullptr && library_.memory_info(handle, &memory) == kNvmlOk) {
    device.memory_mib = static_cast<std::int64_t>(memory.total >> 20U);
  }
  unsigned limit_mw = 0;
  if (library_.power_limit != nullptr && library_.power_limit(handle, &limit_mw) == kNvmlOk) {
    device.power_limit_w = limit_mw / 1000.0;
  }
  unsigned mig = 0;
  unsigned pending = 0;
  device.mig = library_.mig_mode != nullptr &&
               library_.mig_mode(handle, &mig, &pending) == kNvmlOk && mig == 1;
  device.power_is_averaged = !power_mw(handle, false);
  unsigned long long energy = 0;
  const int code = library_.total_energy != nullptr ? library_.total_energy(handle, &energy)
                                                    : kNvmlFunctionNotFound;
  if (code != kNvmlOk && !power_mw(handle, device.power_is_averaged)) {
    device.unknown = "neither energy nor power: " + library_.error(code);
  }
}

std::optional<std::int64_t> NvmlMeter::power_mw(NvmlDevice handle, bool averaged) {
  if (!averaged) {
    NvmlFieldValue field;
    field.field = kPowerInstant;
    if (library_.field_values == nullptr || library_.field_values(handle, 1, &field) != kNvmlOk ||
        field.result != kNvmlOk) {
      return std::nullopt;
    }
    return field.value_type == 1 ? static_cast<std::int64_t>(field.value.u32)
                                 : static_cast<std::int64_t>(field.value.u64);
  }
  unsigned milliwatts = 0;
  if (library_.power_usage == nullptr || library_.power_usage(handle, &milliwatts) != kNvmlOk) {
    return std::nullopt;
  }
  return milliwatts;
}

MeterReading NvmlMeter::read(std::size_t index) {
  MeterReading reading;
  NvmlDevice handle = handles_[index];
  if (handle == nullptr) return reading;
  harness::PowerSample& sample = reading.sample;
  unsigned long long energy_mj = 0;
  const int code = library_.total_energy != nullptr ? library_.total_energy(handle, &energy_mj)
                                                    : kNvmlFunctionNotFound;
  if (code == kNvmlGpuLost) {
    reading.lost = library_.error(code);
    return reading;
  }
  if (code == kNvmlOk) sample.energy_uj = static_cast<std::int64_t>(energy_mj) * 1000;
  sample.power_mw = power_mw(handle, devices_[index].power_is_averaged);
  unsigned clock_mhz = 0;
  if (library_.clock != nullptr && library_.clock(handle, kSmClock, &clock_mhz) == kNvmlOk) {
    sample.clock_mhz = static_cast<int>(clock_mhz);
  }
  unsigned long long reasons = 0;
  if (library_.throttle_reasons != nullptr &&
      library_.throttle_reasons(handle, &reasons) == kNvmlOk) {
    sample.throttle = throttle_of(reasons);
  }
  NvmlTemperature temperature;
  unsigned celsius = 0;
  if (library_.temperature != nullptr && library_.temperature(handle, &temperature) == kNvmlOk) {
    sample.temperature_c = temperature.celsius;
  } else if (library_.temperature_v0 != nullptr &&
             library_.temperature_v0(handle, 0, &celsius) == kNvmlOk) {
    sample.temperature_c = static_cast<int>(celsius);
  }
  return reading;
}

std::string NvmlMeter::busy(std::size_t index) {
  NvmlDevice handle = handles_[index];
  if (handle == nullptr) return "";
  // Without room for any process, the call says how many there are.
  unsigned count = 0;
  if (library_.processes != nullptr) {
    const int code = library_.processes(handle, &count, nullptr);
    if (code != kNvmlOk && code != kNvmlInsufficientSize) count = 0;
  }
  if (count > 0) return fmt::format("{} other process{}", count, count == 1 ? "" : "es");
  NvmlUtilisation use;
  if (library_.utilisation != nullptr && library_.utilisation(handle, &use) == kNvmlOk &&
      use.gpu > kBusyPercent) {
    return fmt::format("{} % busy", use.gpu);
  }
  return "";
}

}  // namespace pingjia::adapters

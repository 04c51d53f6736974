// A scripted libnvidia-ml.so.1, a test double. The variable PINGJIA_FAKE_NVML names its scenario, a
// JSON file; `pingjia_fake_nvml` marks it, so that whatever is read through it is marked fake.
//
// {"init": 0, "driver": "550.54.15", "devices": [{
//   "name", "uuid", "memory_mib", "power_limit_w", "mig": true, "processes": 2, "utilisation": 0,
//   "power_w": [[0, 100], [5000, 400]],       // steps: from these milliseconds on
//   "clock_mhz", "throttle", "temperature_c": // steps too
//   "handle": CODE,                           // of nvmlDeviceGetHandleByIndex_v2
//   "energy": {"start_mj", "quantum_ms", "scale", "error": CODE, "error_at_ms", "reset_at_ms",
//              "stuck_at_ms"},
//   "power": {"error": CODE, "instant": false, "average_ms": 1000},
//   "lost_at_ms"}]}
//
// Time is CLOCK_MONOTONIC since nvmlInit_v2, or what `pingjia_fake_nvml_set_time` was told.
// With OLD_DRIVER defined the functions that came with later drivers are not there at all.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace {

using nlohmann::json;

enum Code : int {
  kOk = 0,
  kUninitialised = 1,
  kNotSupported = 3,
  kNotFound = 6,
  kInsufficientSize = 7,
  kGpuLost = 15,
  kVersionMismatch = 25,
};

json scenario;
bool initialised = false;
double start_ms = 0;
double told_ms = -1;

double clock_ms() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

double now_ms() {
  return told_ms >= 0 ? told_ms : clock_ms() - start_ms;
}

json& device_of(void* device) {
  return scenario.at("devices").at(reinterpret_cast<std::uintptr_t>(device) - 1);
}

// A number, or the last of [[ms, value], …] that has begun.
double step(const json& steps, double at) {
  if (steps.is_number()) return steps.get<double>();
  double value = 0;
  for (const auto& entry : steps) {
    if (entry.at(0).get<double>() <= at) value = entry.at(1).get<double>();
  }
  return value;
}

double joules(const json& steps, double from_ms, double to_ms) {
  if (steps.is_number()) return steps.get<double>() * (to_ms - from_ms) / 1e3;
  double sum = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double begin = std::max(steps[i].at(0).get<double>(), from_ms);
    const double end =
        std::min(i + 1 < steps.size() ? steps[i + 1].at(0).get<double>() : to_ms, to_ms);
    if (end > begin) sum += steps[i].at(1).get<double>() * (end - begin) / 1e3;
  }
  return sum;
}

bool is_lost(const json& device) {
  return device.contains("lost_at_ms") && now_ms() >= device["lost_at_ms"].get<double>();
}

int put_step(void* device, const char* key, double& value) {
  const json& fake = device_of(device);
  if (is_lost(fake)) return kGpuLost;
  if (!fake.contains(key)) return kNotSupported;
  value = step(fake[key], now_ms());
  return kOk;
}

void put_text(const std::string& text, char* to, unsigned size) {
  std::snprintf(to, size, "%s", text.c_str());
}

double power_w(const json& device, bool instant) {
  const json power = device.value("power", json::object());
  const double average = power.value("average_ms", 0.0);
  const double now = now_ms();
  if (instant || average <= 0) return step(device.at("power_w"), now);
  const double from = std::max(0.0, now - average);
  return now > from ? 1e3 * joules(device.at("power_w"), from, now) / (now - from)
                    : step(device.at("power_w"), now);
}

int power_error(const json& device) {
  if (is_lost(device)) return kGpuLost;
  if (!device.contains("power_w")) return kNotSupported;
  return device.value("power", json::object()).value("error", 0);
}

}  // namespace

extern "C" {

int pingjia_fake_nvml = 1;

void pingjia_fake_nvml_set_time(double ms) {
  told_ms = ms;
}

int nvmlInit_v2() {
  const char* file = std::getenv("PINGJIA_FAKE_NVML");
  if (file == nullptr) return kNotFound;
  std::ifstream stream(file);
  scenario = json::parse(stream, nullptr, false);
  if (!scenario.is_object()) return kNotFound;
  start_ms = clock_ms();
  initialised = scenario.value("init", 0) == 0;
  return scenario.value("init", 0);
}

int nvmlShutdown() {
  initialised = false;
  return kOk;
}

const char* nvmlErrorString(int code) {
  switch (code) {
    case 1:
      return "Uninitialized";
    case 3:
      return "Not Supported";
    case 4:
      return "Insufficient Permissions";
    case 9:
      return "Driver Not Loaded";
    case 15:
      return "GPU is lost";
    default:
      return "Unknown Error";
  }
}

int nvmlSystemGetDriverVersion(char* text, unsigned size) {
  put_text(scenario.value("driver", "550.54.15"), text, size);
  return kOk;
}

int nvmlDeviceGetCount_v2(unsigned* count) {
  if (!initialised) return kUninitialised;
  *count = static_cast<unsigned>(scenario.at("devices").size());
  return kOk;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
  if (!initialised) return kUninitialised;
  if (index >= scenario.at("devices").size()) return kNotFound;
  *device = reinterpret_cast<void*>(static_cast<std::uintptr_t>(index) + 1);
  return scenario["devices"][index].value("handle", 0);
}

int nvmlDeviceGetName(void* device, char* text, unsigned size) {
  put_text(device_of(device).value("name", "Fake GPU"), text, size);
  return kOk;
}

int nvmlDeviceGetUUID(void* device, char* text, unsigned size) {
  put_text(device_of(device).value("uuid", "GPU-fake"), text, size);
  return kOk;
}

int nvmlDeviceGetPowerUsage(void* device, unsigned* milliwatts) {
  const json& fake = device_of(device);
  if (const int error = power_error(fake); error != kOk) return error;
  *milliwatts = static_cast<unsigned>(1e3 * power_w(fake, false) + 0.5);
  return kOk;
}

int nvmlDeviceGetClockInfo(void* device, int type, unsigned* mhz) {
  if (type != 1) return kNotSupported;
  double value = 0;
  const int code = put_step(device, "clock_mhz", value);
  if (code == kOk) *mhz = static_cast<unsigned>(value);
  return code;
}

int nvmlDeviceGetTemperature(void* device, int, unsigned* celsius) {
  double value = 0;
  const int code = put_step(device, "temperature_c", value);
  if (code == kOk) *celsius = static_cast<unsigned>(value);
  return code;
}

int nvmlDeviceGetCurrentClocksThrottleReasons(void* device, unsigned long long* mask) {
  double value = 0;
  const int code = put_step(device, "throttle", value);
  if (code == kOk) *mask = static_cast<unsigned long long>(value);
  return code;
}

int nvmlDeviceGetUtilizationRates(void* device, unsigned* gpu_and_memory) {
  if (device_of(device).value("mig", false)) return kNotSupported;
  double value = 0;
  const int code = put_step(device, "utilisation", value);
  if (code != kOk) return code;
  gpu_and_memory[0] = static_cast<unsigned>(value);
  gpu_and_memory[1] = 0;
  return kOk;
}

int nvmlDeviceGetEnforcedPowerLimit(void* device, unsigned* milliwatts) {
  const json& fake = device_of(device);
  if (!fake.contains("power_limit_w")) return kNotSupported;
  *milliwatts = static_cast<unsigned>(1e3 * fake["power_limit_w"].get<double>());
  return kOk;
}

#ifndef OLD_DRIVER

int nvmlDeviceGetTotalEnergyConsumption(void* device, unsigned long long* millijoules) {
  const json& fake = device_of(device);
  if (is_lost(fake)) return kGpuLost;
  const json energy = fake.value("energy", json::object());
  double now = now_ms();
  if (now >= energy.value("error_at_ms", 0.0) && energy.value("error", 0) != 0) {
    return energy["error"];
  }
  now = std::min(now, energy.value("stuck_at_ms", now));
  const double quantum = energy.value("quantum_ms", 100.0);
  if (quantum > 0) now = quantum * static_cast<double>(static_cast<long long>(now / quantum));
  double from = 0;
  double start_mj = energy.value("start_mj", 1e9);
  if (energy.contains("reset_at_ms") && now >= energy["reset_at_ms"].get<double>()) {
    from = energy["reset_at_ms"];
    start_mj = 0;
  }
  const double used = joules(fake.at("power_w"), from, now) * energy.value("scale", 1.0);
  *millijoules = static_cast<unsigned long long>(start_mj + 1e3 * used);
  return kOk;
}

// nvmlFieldValue_t: 40 bytes.
int nvmlDeviceGetFieldValues(void* device, int count, unsigned char* values) {
  const json& fake = device_of(device);
  for (int i = 0; i < count; ++i, values += 40) {
    std::uint32_t field = 0;
    std::memcpy(&field, values, sizeof field);
    std::int32_t result = power_error(fake);
    const bool instant = fake.value("power", json::object()).value("instant", true);
    if (field != 186 || !instant) result = kNotSupported;
    const std::int32_t type = 1;
    std::memcpy(values + 24, &type, sizeof type);
    std::memcpy(values + 28, &result, sizeof result);
    if (result != kOk) continue;
    const auto milliwatts = static_cast<std::uint32_t>(1e3 * power_w(fake, true) + 0.5);
    std::memcpy(values + 32, &milliwatts, sizeof milliwatts);
  }
  return kOk;
}

// nvmlMemory_v2_t: 40 bytes; another version word is refused, as the real one does.
int nvmlDeviceGetMemoryInfo_v2(void* device, unsigned char* memory) {
  std::uint32_t version = 0;
  std::memcpy(&version, memory, sizeof version);
  if (version != 0x2000028U) return kVersionMismatch;
  const json& fake = device_of(device);
  if (!fake.contains("memory_mib")) return kNotSupported;
  const std::uint64_t total = fake["memory_mib"].get<std::uint64_t>() << 20U;
  std::memcpy(memory + 8, &total, sizeof total);
  return kOk;
}

int nvmlDeviceGetTemperatureV(void* device, unsigned char* temperature) {
  std::uint32_t version = 0;
  std::memcpy(&version, temperature, sizeof version);
  if (version != 0x100000cU) return kVersionMismatch;
  double value = 0;
  const int code = put_step(device, "temperature_c", value);
  const auto celsius = static_cast<std::int32_t>(value);
  if (code == kOk) std::memcpy(temperature + 8, &celsius, sizeof celsius);
  return code;
}

int nvmlDeviceGetCurrentClocksEventReasons(void* device, unsigned long long* mask) {
  return nvmlDeviceGetCurrentClocksThrottleReasons(device, mask);
}

int nvmlDeviceGetMigMode(void* device, unsigned* current, unsigned* pending) {
  *current = *pending = device_of(device).value("mig", false) ? 1 : 0;
  return kOk;
}

int nvmlDeviceGetComputeRunningProcesses_v3(void* device, unsigned* count, void*) {
  const json& fake = device_of(device);
  if (const int error = fake.value("processes_error", 0); error != 0) return error;
  const auto processes = fake.value("processes", 0U);
  const bool fits = *count >= processes;
  *count = processes;
  return fits ? kOk : kInsufficientSize;
}

#endif

}  // extern "C"

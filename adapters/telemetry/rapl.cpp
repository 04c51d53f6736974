#include "adapters/telemetry/rapl.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

namespace pingjia::adapters {

namespace {

using harness::MeteredDevice;

constexpr const char* kPowercap = "/sys/class/powercap";

std::string first_line(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

std::optional<std::int64_t> number_in(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::int64_t value = 0;
  if (!(stream >> value)) return std::nullopt;
  return value;
}

// "intel-rapl:0" and not "intel-rapl:0:1" or "intel-rapl-mmio:0", which counts the same package.
bool is_package(const std::string& zone) {
  return zone.rfind("intel-rapl:", 0) == 0 && std::count(zone.begin(), zone.end(), ':') == 1;
}

std::vector<std::filesystem::path> children(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

RaplMeter::RaplMeter(const std::filesystem::path& root) {
  const bool fake = root != kPowercap;
  for (const auto& package : children(root)) {
    if (!is_package(package.filename())) continue;
    if (first_line(package / "name").rfind("package", 0) != 0) continue;
    add_zone(package, "CPU package", fake);
    for (const auto& zone : children(package)) {
      if (first_line(zone / "name") == "dram") add_zone(zone, "DRAM", fake);
    }
  }
  if (devices_.empty()) missing_ = "RAPL: no package in " + root.string();
}

void RaplMeter::add_zone(const std::filesystem::path& zone, const std::string& scope, bool fake) {
  MeteredDevice device;
  device.name = first_line(zone / "name");
  device.id = zone.filename();
  device.scope = scope;
  device.meter = "RAPL";
  device.fake = fake;
  device.update_period = harness::kMillisecond;
  device.counter_range_uj = number_in(zone / "max_energy_range_uj");
  errno = 0;
  if (!number_in(zone / "energy_uj")) {
    const int why = errno;
    device.unknown = "energy_uj cannot be read";
    if (why != 0) device.unknown += std::string(": ") + std::strerror(why);
    if (why == EACCES) device.unknown += " (the kernel lets root alone read it)";
  } else if (!device.counter_range_uj) {
    device.unknown = "max_energy_range_uj cannot be read, so that its wraps cannot be undone";
  }
  devices_.push_back(std::move(device));
  zones_.push_back(zone);
}

MeterReading RaplMeter::read(std::size_t device) {
  MeterReading reading;
  reading.sample.energy_uj = number_in(zones_[device] / "energy_uj");
  return reading;
}

}  // namespace pingjia::adapters

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "adapters/telemetry/meter.h"

namespace pingjia::adapters {

/// CPU packages and their memory by the kernel's power capping (Intel and AMD). Packages only: the
/// core and uncore zones lie inside them, and psys overlaps. Absent in most virtual machines, and
/// readable by root alone on most others.
class RaplMeter final : public Meter {
 public:
  /// `root` is /sys/class/powercap; another is marked fake.
  explicit RaplMeter(const std::filesystem::path& root);

  const std::vector<harness::MeteredDevice>& devices() const override { return devices_; }
  std::string missing() const override { return missing_; }
  MeterReading read(std::size_t device) override;
  std::string busy(std::size_t) override { return ""; }

 private:
  void add_zone(const std::filesystem::path& zone, const std::string& scope, bool fake);

  std::string missing_;
  std::vector<harness::MeteredDevice> devices_;
  std::vector<std::filesystem::path> zones_;
};

}  // namespace pingjia::adapters

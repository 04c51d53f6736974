#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/telemetry/meter.h"
#include "adapters/telemetry/nvml_library.h"

namespace pingjia::adapters {

/// NVIDIA GPUs by NVML. What a device does not support is unknown, never zero.
class NvmlMeter final : public Meter {
 public:
  /// `visible` is CUDA_VISIBLE_DEVICES: indexes in PCI order or UUIDs; nothing: every GPU.
  explicit NvmlMeter(const std::string& library, const std::optional<std::string>& visible = {});
  ~NvmlMeter() override;

  const std::vector<harness::MeteredDevice>& devices() const override { return devices_; }
  std::string missing() const override { return missing_; }
  MeterReading read(std::size_t device) override;
  std::string busy(std::size_t device) override;

 private:
  void find_devices(const std::optional<std::string>& visible);
  void add_device(unsigned index, const std::optional<std::string>& visible,
                  const std::string& driver);
  void describe(NvmlDevice handle, harness::MeteredDevice& device);
  std::optional<std::int64_t> power_mw(NvmlDevice handle, bool averaged);

  NvmlLibrary library_;
  bool started_ = false;
  std::string missing_;
  std::vector<harness::MeteredDevice> devices_;
  std::vector<NvmlDevice> handles_;  // Null of a device that gave none.
};

}  // namespace pingjia::adapters

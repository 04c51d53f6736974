#pragma once

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "adapters/telemetry/nvml.h"
#include "adapters/telemetry/sampler.h"

namespace pingjia::adapters {

/// A fake libnvidia-ml.so.1 under a scenario, read on invented time.
class Scenario {
 public:
  explicit Scenario(const nlohmann::json& scenario, const char* library = PINGJIA_FAKE_NVML_LIBRARY)
      : file_(std::filesystem::temp_directory_path() /
              ("pingjia_nvml_" + std::to_string(getpid()) + ".json")) {
    std::ofstream(file_) << scenario.dump();
    setenv("PINGJIA_FAKE_NVML", file_.c_str(), 1);
    // Held open, so that it keeps its state while it is asked from here too.
    handle_ = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    set_time_ = reinterpret_cast<void (*)(double)>(dlsym(handle_, "pingjia_fake_nvml_set_time"));
    set_time_(0);
    std::vector<std::unique_ptr<Meter>> meters;
    meters.push_back(std::make_unique<NvmlMeter>(library));
    sampler_ = std::make_unique<Sampler>(
        std::move(meters), [this] { return now_; }, false);
    sampler_->start();
  }

  ~Scenario() {
    sampler_.reset();
    dlclose(handle_);
    std::filesystem::remove(file_);
  }

  /// Reads every 50 ms from `from` to `to`, in milliseconds, both included.
  void read(int from, int to, int step = 50) {
    for (int ms = from; ms <= to; ms += step) {
      set_time_(ms);
      now_ = ms * harness::kMillisecond;
      sampler_->mark();
    }
  }

  /// Energy of device `index` in the window, in milliseconds.
  harness::DeviceEnergy energy(int from, int to, std::size_t index = 0) {
    return harness::energy_of(sampler_->traces().at(index), from * harness::kMillisecond,
                              to * harness::kMillisecond);
  }

  Sampler& sampler() { return *sampler_; }

 private:
  std::filesystem::path file_;
  void* handle_ = nullptr;
  void (*set_time_)(double) = nullptr;
  harness::Nanos now_ = 0;
  std::unique_ptr<Sampler> sampler_;
};

}  // namespace pingjia::adapters

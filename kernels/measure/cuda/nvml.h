#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace pingjia::kernels::cuda {

/// The driver's management library, loaded when it is there. Nothing here changes a setting.
class Nvml {
 public:
  /// Of the card of that name ("GPU-…"); null without the library or the card.
  static std::unique_ptr<Nvml> open(const std::string& uuid);
  ~Nvml();

  /// Joules the board has used since the driver was loaded, from a counter that is updated some ten
  /// to fifty times a second; so only differences over a second or more say something.
  std::optional<double> joules() const;
  std::map<std::string, std::string> context() const;

 private:
  Nvml() = default;
  struct Library;
  std::unique_ptr<Library> library_;
  void* card_ = nullptr;
};

/// "gpu_driver", "gpu_power_cap_watts", "gpu_clock_limit_hz", "gpu_ecc"; of what cannot be read,
/// "unknown".
std::map<std::string, std::string> nvml_context(const std::string& uuid);

}  // namespace pingjia::kernels::cuda

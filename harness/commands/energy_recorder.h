#pragma once

#include <functional>
#include <memory>
#include <string>

#include "harness/commands/world.h"
#include "harness/money/telemetry.h"

namespace pingjia::harness {

/// Measures what the systems of a run use, one after the other, window by window. Without a meter
/// every call does nothing, and the energy is unknown with its reason.
class EnergyRecorder {
 public:
  explicit EnergyRecorder(World& world);
  ~EnergyRecorder();

  /// Watches the machine for so long before anything is loaded, turning the loop; `going` ends it
  /// early. Does nothing where nothing can be measured.
  void watch_idle(double idle_s, const std::function<bool()>& going);

  /// Around one system: before its engine is started, and after it has ended.
  void open();
  SessionEnergy close();

  /// Around one window of it; "" is loading.
  void begin();
  void end(const std::string& suite);

  /// The model runs elsewhere: no meter of this machine sees it.
  void remote();

 private:
  std::vector<DeviceEnergy> measure(Nanos begin, Nanos end);

  World& world_;
  std::unique_ptr<Telemetry> telemetry_;  // Null: nothing to measure.
  std::string unknown_;
  std::vector<DeviceEnergy> idle_;
  double idle_s_ = 0;
  std::vector<std::string> busy_;  // Of each device, before the system was opened.
  Nanos begun_ = 0;
  SessionEnergy session_;
};

}  // namespace pingjia::harness

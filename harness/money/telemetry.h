#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/money/energy.h"

namespace pingjia::harness {

/// Reads the machine's meters, in a thread of its own while it is started: the one other thread
/// of the program. Never throws: what cannot be read is unknown.
class Telemetry {
 public:
  virtual ~Telemetry() = default;

  /// Every device of every meter, measurable or not, and why not.
  virtual std::vector<MeteredDevice> devices() = 0;

  /// Why there are no more of them, in one line; empty: every meter has some.
  virtual std::string missing() = 0;

  /// Who else uses a device now: "2 other processes", "37 % busy"; empty where nobody does or
  /// nobody can say. In the order of `devices`.
  virtual std::vector<std::string> busy() = 0;

  /// Begins to read every device twenty times a second.
  virtual void start() = 0;
  /// Reads all of them now, so that an edge of a window has its own sample; the time of it.
  virtual Nanos mark() = 0;
  /// Everything read since the start or the last `forget`.
  virtual std::vector<EnergyTrace> traces() = 0;
  /// Drops what was read before `before`, but the last sample.
  virtual void forget(Nanos before) = 0;
  /// Ends reading; the share of one core that it took.
  virtual double stop() = 0;
};

/// Opens the meters of this machine. `environment` names libraries and folders in place of the
/// usual ones: see adapters/telemetry/README.md.
using MakeTelemetry = std::unique_ptr<Telemetry> (*)(
    const std::function<std::optional<std::string>(const std::string&)>& environment);

}  // namespace pingjia::harness

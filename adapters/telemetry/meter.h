#pragma once

#include <string>
#include <vector>

#include "harness/money/energy.h"

namespace pingjia::adapters {

/// What one reading of a device gave.
struct MeterReading {
  harness::PowerSample sample;  ///< Without its time.
  std::string lost;             ///< Why the device will never be read again; empty: it will.
};

/// One way to read devices. Never throws. Used by one thread at a time.
class Meter {
 public:
  virtual ~Meter() = default;
  /// Found once, when the meter was opened.
  virtual const std::vector<harness::MeteredDevice>& devices() const = 0;
  /// Why there is no device; empty where there is one.
  virtual std::string missing() const = 0;
  virtual MeterReading read(std::size_t device) = 0;
  /// Who else uses it now; empty: nobody, or nobody can say.
  virtual std::string busy(std::size_t device) = 0;
};

}  // namespace pingjia::adapters

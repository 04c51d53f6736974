#pragma once

#include "harness/base/loop.h"

namespace pingjia::harness {

/// Turns SIGINT and SIGTERM into readiness of a descriptor on the loop, so that a run ends cleanly
/// between two turns. A second signal ends the process at once, as usual.
class StopSignal {
 public:
  /// Throws Error when the process is out of descriptors; the signals then end it as usual.
  explicit StopSignal(Loop& loop);
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  bool stopped() const { return stopped_; }

 private:
  Loop& loop_;
  int descriptor_ = -1;
  bool stopped_ = false;
};

}  // namespace pingjia::harness

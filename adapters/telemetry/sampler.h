#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "adapters/telemetry/meter.h"
#include "harness/money/telemetry.h"

namespace pingjia::adapters {

/// Reads every meter at an even pace, in a low-priority thread of its own.
class Sampler final : public harness::Telemetry {
 public:
  /// `now` is CLOCK_MONOTONIC, as the loop's. Without `paced` there is no thread: a test calls
  /// `mark` on its own invented time.
  Sampler(std::vector<std::unique_ptr<Meter>> meters, std::function<harness::Nanos()> now,
          bool paced = true);
  ~Sampler() override;

  std::vector<harness::MeteredDevice> devices() override;
  std::string missing() override;
  std::vector<std::string> busy() override;
  void start() override;
  harness::Nanos mark() override;
  std::vector<harness::EnergyTrace> traces() override;
  void forget(harness::Nanos before) override;
  double stop() override;

 private:
  harness::Nanos poll();  // Under the lock.
  void pace();

  std::vector<std::unique_ptr<Meter>> meters_;
  std::function<harness::Nanos()> now_;
  bool paced_;
  std::mutex mutex_;  // Of everything below, and of the meters.
  std::condition_variable wake_;
  std::vector<harness::EnergyTrace> traces_;
  bool stopping_ = false;
  harness::Nanos started_ = 0;
  double poll_cpu_s_ = 0;
  std::thread thread_;
};

}  // namespace pingjia::adapters

#include "adapters/telemetry/sampler.h"

#include <gtest/gtest.h>

#include <atomic>
#include <ctime>

namespace pingjia::adapters {
namespace {

using harness::Nanos;

// A device whose counter grows by a joule at each reading.
class CountingMeter final : public Meter {
 public:
  explicit CountingMeter(std::atomic<int>& reads) : reads_(reads) {
    harness::MeteredDevice device;
    device.name = "counter";
    device.scope = "GPU board";
    devices_ = {device, device};
    devices_[1].unknown = "nobody knows";
  }
  const std::vector<harness::MeteredDevice>& devices() const override { return devices_; }
  std::string missing() const override { return ""; }
  MeterReading read(std::size_t device) override {
    EXPECT_EQ(device, 0);
    MeterReading reading;
    reading.sample.energy_uj = 1'000'000 * ++reads_;
    return reading;
  }
  std::string busy(std::size_t device) override { return device == 0 ? "" : "busy"; }

 private:
  std::atomic<int>& reads_;
  std::vector<harness::MeteredDevice> devices_;
};

std::vector<std::unique_ptr<Meter>> counting(std::atomic<int>& reads) {
  std::vector<std::unique_ptr<Meter>> meters;
  meters.push_back(std::make_unique<CountingMeter>(reads));
  return meters;
}

TEST(Sampler, ReadsAtEachMarkAndNeverWhatIsUnknown) {
  std::atomic<int> reads = 0;
  Nanos now = 0;
  Sampler sampler(
      counting(reads), [&now] { return now; }, false);
  sampler.start();
  for (now = 0; now < 5; ++now) sampler.mark();
  const auto traces = sampler.traces();
  ASSERT_EQ(traces.size(), 2);
  EXPECT_EQ(traces[0].samples.size(), 5);
  EXPECT_TRUE(traces[1].samples.empty());
  EXPECT_EQ(sampler.busy(), (std::vector<std::string>{"", "busy"}));
}

TEST(Sampler, ForgetsAllButTheLastBefore) {
  std::atomic<int> reads = 0;
  Nanos now = 0;
  Sampler sampler(
      counting(reads), [&now] { return now; }, false);
  sampler.start();
  for (now = 0; now < 10; ++now) sampler.mark();
  sampler.forget(6);
  const auto samples = sampler.traces()[0].samples;
  ASSERT_EQ(samples.size(), 4);
  EXPECT_EQ(samples.front().at, 6);
  sampler.start();
  EXPECT_TRUE(sampler.traces()[0].samples.empty());
}

TEST(Sampler, ReadsByItselfInAThread) {
  std::atomic<int> reads = 0;
  const auto clock = [] {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * harness::kSecond + time.tv_nsec;
  };
  Sampler sampler(counting(reads), clock);
  sampler.start();
  while (reads < 3) std::this_thread::yield();
  sampler.mark();
  EXPECT_GE(sampler.stop(), 0);
  const int read = reads;
  sampler.mark();
  EXPECT_EQ(reads, read + 1);
  const auto samples = sampler.traces()[0].samples;
  for (std::size_t i = 1; i < samples.size(); ++i) EXPECT_GE(samples[i].at, samples[i - 1].at);
}

}  // namespace
}  // namespace pingjia::adapters

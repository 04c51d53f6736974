#include "kernels/measure/cuda/device_trial.h"

#include <algorithm>
#include <iostream>
#include <stdexcept>

#include "harness/base/error.h"
#include "kernels/measure/cuda/cupti.h"
#include "kernels/measure/cuda/device.h"
#include "kernels/measure/cuda/nvml.h"
#include "kernels/measure/cuda/rotation.h"
#include "kernels/processor/clock.h"

namespace pingjia::kernels::cuda {
namespace {

const Device& device() {
  const DeviceSearch& found = first_device();
  if (!found.device) {
    throw harness::Error("--device=cuda", found.absent, "leave it out to measure the processor");
  }
  return *found.device;
}

/// Null where nothing traces. One for the program: the library knows no owner.
Cupti* cupti() {
  static const std::unique_ptr<Cupti> opened = Cupti::open();
  return opened.get();
}

}  // namespace

Timer& device_timer() {
  static Timer timer(device().multiprocessors, device().l2_bytes);
  return timer;
}

std::vector<Sample> samples_until(const StopRule& rule, const std::function<Sample()>& take) {
  take();
  std::vector<Sample> samples;
  const double begin = now_seconds();
  while (!is_enough(samples, now_seconds() - begin, rule)) samples.push_back(take());
  return samples;
}

Rotating::Rotating(std::span<const std::byte> bytes, int copies) {
  for (int i = 0; i < copies; ++i) copies_.push_back(operand_on_device(bytes));
}

bool Rotating::is_intact() const {
  return std::all_of(copies_.begin(), copies_.end(),
                     [](const Memory& copy) { return copy.is_intact(); });
}

DeviceTrial::DeviceTrial(std::int64_t operand_bytes)
    : operand_bytes_(operand_bytes),
      // A quarter of the memory: filling copies takes longer than timing them.
      copies_(rotated_copies(operand_bytes, device().l2_bytes, device().free_bytes / 4)) {}

void DeviceTrial::run() {
  enqueue(0, device_timer().stream());
  device_timer().wait();
}

bool DeviceTrial::is_rotated() const {
  return operand_bytes_ * copies_ >= 5 * device().l2_bytes;
}

Work DeviceTrial::calls_of(int calls, bool cold) {
  return [this, calls, cold](Stream stream) {
    for (int i = 0; i < calls; ++i) enqueue(cold ? i % copies_ : 0, stream);
  };
}

DeviceTrial::Plan DeviceTrial::plan(bool cold) {
  if (cold && !is_rotated()) return {.calls = 1, .flushed = true};
  const double once = device_timer().time(calls_of(1, false), 1, cold).seconds;
  // A whole turn of the copies, so that the next sample begins with the oldest.
  return {.calls = std::max(calls_of_sample(once), cold ? copies_ : 1), .flushed = false};
}

std::optional<std::vector<Sample>> DeviceTrial::own_samples(bool cold, const StopRule& rule) {
  Timer& timer = device_timer();
  for (int copy = 0; copy < copies_; ++copy) enqueue(copy, timer.stream());
  timer.wait();
  const auto [calls, flushed] = plan(cold);
  const Graph graph(timer.stream(), calls_of(calls, cold));
  const Work replay = [&](Stream stream) { graph.launch(stream); };
  return samples_until(rule, [&] { return timer.time(replay, calls, flushed); });
}

std::map<std::string, double> DeviceTrial::other_clocks(bool cold) {
  Timer& timer = device_timer();
  std::map<std::string, double> clocks;
  if (!cold) clocks["events"] = timer.time(calls_of(1, false), 1, false).seconds;
  if (cupti() == nullptr) return clocks;
  try {
    if (const auto seconds = traced_seconds(cold)) clocks["cupti"] = *seconds;
  } catch (const std::runtime_error& error) {
    std::cerr << "  " << error.what() << ": no time by it\n";
  }
  return clocks;
}

std::optional<double> DeviceTrial::traced_seconds(bool cold) {
  Timer& timer = device_timer();
  const auto [calls, flushed] = plan(cold);
  const Graph graph(timer.stream(), calls_of(calls, cold));
  std::vector<double> seconds;
  for (int replay = 0; replay < 5; ++replay) {
    if (flushed) timer.flush();
    timer.wait();
    const auto spans = cupti()->trace([&] {
      graph.launch(timer.stream());
      timer.wait();
    });
    // A driver that forbids tracing hands out nothing.
    if (spans.empty()) return std::nullopt;
    seconds.push_back(busy_seconds(spans) / calls);
  }
  return times_of(seconds).median;
}

std::optional<double> DeviceTrial::joules(bool cold) {
  constexpr double kSeconds = 1.2;  // The counter moves some ten times a second.
  const auto nvml = Nvml::open(device().uuid);
  if (nvml == nullptr || !nvml->joules()) return std::nullopt;
  const int calls = std::max(16, copies_);
  Timer& timer = device_timer();
  const Graph graph(timer.stream(), calls_of(calls, cold));
  std::int64_t replays = 0;
  const double begin = now_seconds(), joules = *nvml->joules();
  while (now_seconds() - begin < kSeconds) {
    graph.launch(timer.stream());
    timer.wait();
    ++replays;
  }
  const auto used = nvml->joules();
  if (!used) return std::nullopt;
  return (*used - joules) / static_cast<double>(replays * calls);
}

}  // namespace pingjia::kernels::cuda

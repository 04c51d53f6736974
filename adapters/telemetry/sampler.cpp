#include "adapters/telemetry/sampler.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <ctime>

namespace pingjia::adapters {

namespace {

using harness::EnergyTrace;
using harness::Nanos;

// Twice the rate at which counters of GPUs tick.
constexpr std::chrono::milliseconds kInterval{50};
constexpr int kLowPriority = 10;

double thread_cpu_s() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// Of this thread alone: Linux keeps priorities by thread.
void lower_priority() {
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kLowPriority);
}

}  // namespace

Sampler::Sampler(std::vector<std::unique_ptr<Meter>> meters, std::function<Nanos()> now, bool paced)
    : meters_(std::move(meters)), now_(std::move(now)), paced_(paced) {
  for (const auto& meter : meters_) {
    for (const auto& device : meter->devices()) traces_.push_back({device, {}, {}});
  }
}

Sampler::~Sampler() {
  stop();
}

std::vector<harness::MeteredDevice> Sampler::devices() {
  const std::lock_guard lock(mutex_);
  std::vector<harness::MeteredDevice> devices;
  for (const auto& trace : traces_) devices.push_back(trace.device);
  return devices;
}

std::string Sampler::missing() {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const auto& meter : meters_) {
    if (meter->missing().empty()) continue;
    text += (text.empty() ? "" : "; ") + meter->missing();
  }
  return text;
}

std::vector<std::string> Sampler::busy() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> busy;
  for (const auto& meter : meters_) {
    for (std::size_t i = 0; i < meter->devices().size(); ++i) busy.push_back(meter->busy(i));
  }
  return busy;
}

Nanos Sampler::poll() {
  std::size_t place = 0;
  Nanos last = now_();
  for (const auto& meter : meters_) {
    for (std::size_t i = 0; i < meter->devices().size(); ++i, ++place) {
      EnergyTrace& trace = traces_[place];
      if (!trace.lost.empty() || !trace.device.unknown.empty()) continue;
      MeterReading reading = meter->read(i);
      if (!reading.lost.empty()) {
        trace.lost = reading.lost;
        continue;
      }
      // After the reading: a counter is what it was just before.
      reading.sample.at = last = now_();
      trace.samples.push_back(reading.sample);
    }
  }
  return last;
}

void Sampler::pace() {
  lower_priority();
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const double before = thread_cpu_s();
    poll();
    poll_cpu_s_ += thread_cpu_s() - before;
    wake_.wait_for(lock, kInterval, [this] { return stopping_; });
  }
}

void Sampler::start() {
  stop();
  const std::lock_guard lock(mutex_);
  stopping_ = false;
  started_ = now_();
  poll_cpu_s_ = 0;
  for (auto& trace : traces_) trace.samples.clear();
  if (paced_) thread_ = std::thread([this] { pace(); });
}

Nanos Sampler::mark() {
  const std::lock_guard lock(mutex_);
  return poll();
}

std::vector<EnergyTrace> Sampler::traces() {
  const std::lock_guard lock(mutex_);
  return traces_;
}

void Sampler::forget(Nanos before) {
  const std::lock_guard lock(mutex_);
  for (auto& trace : traces_) {
    auto& samples = trace.samples;
    auto keep = samples.begin();
    while (keep != samples.end() && std::next(keep) != samples.end() &&
           std::next(keep)->at <= before) {
      ++keep;
    }
    samples.erase(samples.begin(), keep);
  }
}

double Sampler::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (!thread_.joinable()) return 0;
  thread_.join();
  const double elapsed = harness::seconds(now_() - started_);
  return elapsed > 0 ? poll_cpu_s_ / elapsed : 0;
}

}  // namespace pingjia::adapters

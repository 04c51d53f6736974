#pragma once

#include <algorithm>
#include <map>
#include <utility>

#include "harness/base/loop.h"

namespace pingjia::harness {

/// A loop on invented time: `turn` jumps to the next timer. A small working program, not a script
/// of expected calls. Descriptors are never ready by themselves; a test calls `make_ready`.
class FakeLoop final : public Loop {
 public:
  Nanos now() const override { return now_; }

  TimerId call_at(Nanos due, std::function<void()> call) override {
    const TimerId timer = next_++;
    timers_.emplace(std::pair(due, timer), std::move(call));
    return timer;
  }

  void cancel(TimerId timer) override {
    std::erase_if(timers_, [timer](const auto& entry) { return entry.first.second == timer; });
  }

  void watch(int descriptor, unsigned, std::function<void(unsigned)> ready) override {
    watched_[descriptor] = std::move(ready);
  }

  void unwatch(int descriptor) override { watched_.erase(descriptor); }

  bool turn(Nanos deadline) override {
    if (timers_.empty()) {
      if (watched_.empty()) return false;
      now_ = std::max(now_, deadline);
      return true;
    }
    const auto first = timers_.begin();
    if (first->first.first > deadline) {
      now_ = std::max(now_, deadline);
      return true;
    }
    now_ = std::max(now_, first->first.first);
    const auto call = std::move(first->second);
    timers_.erase(first);
    call();
    return true;
  }

  void make_ready(int descriptor, unsigned readiness) { watched_.at(descriptor)(readiness); }
  void advance(Nanos by) { now_ += by; }

 private:
  Nanos now_ = kSecond;
  TimerId next_ = 1;
  std::map<std::pair<Nanos, TimerId>, std::function<void()>> timers_;
  std::map<int, std::function<void(unsigned)>> watched_;
};

}  // namespace pingjia::harness

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/base/loop.h"

namespace pingjia::harness {

/// The real loop: CLOCK_MONOTONIC, level-triggered epoll and one timer descriptor, so that timers
/// are exact to some 50 µs instead of epoll_wait's millisecond.
class EpollLoop final : public Loop {
 public:
  EpollLoop();
  ~EpollLoop() override;
  EpollLoop(const EpollLoop&) = delete;
  EpollLoop& operator=(const EpollLoop&) = delete;

  Nanos now() const override;
  TimerId call_at(Nanos due, std::function<void()> call) override;
  void cancel(TimerId timer) override;
  void watch(int descriptor, unsigned interest, std::function<void(unsigned)> ready) override;
  void unwatch(int descriptor) override;
  bool turn(Nanos deadline) override;

 private:
  using Callback = std::unique_ptr<std::function<void(unsigned)>>;

  void arm(Nanos due);
  void retire(Callback& callback);
  void run_due_timers();

  int epoll_ = -1;
  int timer_ = -1;
  Nanos armed_ = -1;
  TimerId next_timer_ = 1;
  std::map<std::pair<Nanos, TimerId>, std::function<void()>> timers_;
  std::unordered_map<TimerId, Nanos> due_;
  std::vector<Callback> watched_;  // By descriptor; empty where none is watched.
  std::size_t watched_count_ = 0;
  // Callbacks given up while the ready list is worked off: one of them may be the one that runs.
  std::vector<Callback> retired_;
};

}  // namespace pingjia::harness

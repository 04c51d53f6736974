#include "harness/base/epoll_loop.h"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <vector>

#include "harness/base/error.h"

namespace pingjia::harness {

namespace {

[[noreturn]] void throw_errno(const std::string& call) {
  throw Error("event loop", call + " failed: " + std::strerror(errno),
              "raise the limit of open files (ulimit -n)");
}

std::uint32_t epoll_bits(unsigned interest) {
  std::uint32_t bits = 0;
  if (interest & kReadable) bits |= EPOLLIN;
  if (interest & kWritable) bits |= EPOLLOUT;
  return bits;
}

unsigned readiness(std::uint32_t bits) {
  unsigned ready = 0;
  if (bits & EPOLLIN) ready |= kReadable;
  if (bits & EPOLLOUT) ready |= kWritable;
  if (bits & (EPOLLHUP | EPOLLERR)) ready |= kClosed;
  return ready;
}

}  // namespace

EpollLoop::EpollLoop()
    : epoll_(epoll_create1(EPOLL_CLOEXEC)),
      timer_(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) {
  if (epoll_ < 0 || timer_ < 0) throw_errno("epoll_create1 or timerfd_create");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = timer_;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, timer_, &event) != 0) throw_errno("epoll_ctl");
}

EpollLoop::~EpollLoop() {
  close(timer_);
  close(epoll_);
}

Nanos EpollLoop::now() const {
  timespec stamp{};
  clock_gettime(CLOCK_MONOTONIC, &stamp);
  return static_cast<Nanos>(stamp.tv_sec) * kSecond + stamp.tv_nsec;
}

TimerId EpollLoop::call_at(Nanos due, std::function<void()> call) {
  const TimerId timer = next_timer_++;
  timers_.emplace(std::pair(due, timer), std::move(call));
  due_.emplace(timer, due);
  return timer;
}

void EpollLoop::cancel(TimerId timer) {
  const auto found = due_.find(timer);
  if (found == due_.end()) return;
  timers_.erase({found->second, timer});
  due_.erase(found);
}

void EpollLoop::watch(int descriptor, unsigned interest, std::function<void(unsigned)> ready) {
  const auto place = static_cast<std::size_t>(descriptor);
  if (place >= watched_.size()) watched_.resize(place + 1);
  epoll_event event{};
  event.events = epoll_bits(interest);
  event.data.fd = descriptor;
  const bool known = watched_[place] != nullptr;
  if (epoll_ctl(epoll_, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, descriptor, &event) != 0) {
    throw_errno("epoll_ctl");
  }
  if (!known) ++watched_count_;
  retire(watched_[place]);
  watched_[place] = std::make_unique<std::function<void(unsigned)>>(std::move(ready));
}

void EpollLoop::unwatch(int descriptor) {
  const auto place = static_cast<std::size_t>(descriptor);
  if (descriptor < 0 || place >= watched_.size() || watched_[place] == nullptr) return;
  retire(watched_[place]);
  --watched_count_;
  epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

void EpollLoop::retire(Callback& callback) {
  if (callback != nullptr) retired_.push_back(std::move(callback));
}

// A timer that rings too early costs one empty turn; setting it anew costs a system call, which a
// deadline that moves with every turn would make each time.
void EpollLoop::arm(Nanos due) {
  if (armed_ >= 0 && armed_ <= due) return;
  armed_ = due;
  itimerspec when{};
  when.it_value.tv_sec = due / kSecond;
  when.it_value.tv_nsec = due % kSecond;
  // Zero would disarm the timer: a due time of zero lies in the past, so any past instant serves.
  if (due <= 0) when.it_value.tv_nsec = 1;
  timerfd_settime(timer_, TFD_TIMER_ABSTIME, &when, nullptr);
}

void EpollLoop::run_due_timers() {
  if (timers_.empty()) return;
  const Nanos turn_time = now();
  // Timers set by these callbacks run in the next turn, so one turn always ends.
  const TimerId first_new = next_timer_;
  for (auto it = timers_.begin(); it != timers_.end() && it->first.first <= turn_time;) {
    if (it->first.second >= first_new) {
      ++it;
      continue;
    }
    const auto call = std::move(it->second);
    due_.erase(it->first.second);
    timers_.erase(it);
    call();
    it = timers_.begin();
  }
}

bool EpollLoop::turn(Nanos deadline) {
  if (timers_.empty() && watched_count_ == 0) return false;
  const Nanos next = timers_.empty() ? deadline : std::min(deadline, timers_.begin()->first.first);
  arm(next);
  std::array<epoll_event, 256> events;
  const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    if (event.data.fd == timer_) {
      std::uint64_t expirations = 0;
      // Nothing to do on failure: a spurious wake-up reads nothing.
      [[maybe_unused]] const auto got = read(timer_, &expirations, sizeof expirations);
      armed_ = -1;
      continue;
    }
    // An earlier callback of this list may have given it up.
    const auto* const callback = watched_[static_cast<std::size_t>(event.data.fd)].get();
    if (callback != nullptr) (*callback)(readiness(event.events));
  }
  run_due_timers();
  retired_.clear();
  return true;
}

}  // namespace pingjia::harness

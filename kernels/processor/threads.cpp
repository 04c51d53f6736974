#include "kernels/processor/threads.h"

#include <sched.h>

#include <algorithm>

namespace pingjia::kernels {
namespace {

/// This thread may run on these only. Best effort: in a container that forbids it the thread runs
/// where it is put.
void pin_to(const std::vector<int>& processors) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int processor : processors) CPU_SET(static_cast<std::size_t>(processor), &set);
  sched_setaffinity(0, sizeof set, &set);
}

void pause() {
#ifdef __x86_64__
  __builtin_ia32_pause();
#endif
}

/// Looks at a value before something slower is done: about 100 microseconds.
constexpr int kLooks = 2000;

/// Looks for a while, then sleeps: kernels that follow each other find the threads awake, and a
/// program that does something else finds the processors free.
void wait_for_change(const std::atomic<std::uint32_t>& value, std::uint32_t seen) {
  for (int i = 0; i < kLooks; ++i) {
    if (value.load(std::memory_order_acquire) != seen) return;
    pause();
  }
  value.wait(seen, std::memory_order_acquire);
}

}  // namespace

std::vector<int> usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> processors;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    for (int i = 0; i < CPU_SETSIZE; ++i) {
      if (CPU_ISSET(static_cast<std::size_t>(i), &set)) processors.push_back(i);
    }
  }
  if (processors.empty()) processors.push_back(0);
  return processors;
}

Threads::Threads(int count) : callers_(usable_processors()) {
  const auto places = static_cast<int>(callers_.size());
  const int wanted = count > 0 ? count : places;
  // More threads than processors: who would share one is the scheduler's choice.
  const bool one_each = wanted <= places;
  for (int thread = 1; thread < wanted; ++thread) {
    const int place = one_each ? callers_[static_cast<std::size_t>(thread)] : -1;
    others_.emplace_back([this, thread, place] { serve(thread, place); });
  }
  if (one_each) pin_to({callers_.front()});
}

Threads::~Threads() {
  stopping_ = true;
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  for (std::thread& other : others_) other.join();
  pin_to(callers_);
}

void Threads::serve(int thread, int processor) {
  if (processor >= 0) pin_to({processor});
  std::uint32_t seen = 0;
  while (true) {
    wait_for_change(round_, seen);
    ++seen;
    if (stopping_) return;
    take_tasks(thread);
    busy_.fetch_sub(1, std::memory_order_release);
  }
}

void Threads::take_tasks(int thread) {
  for (std::int64_t task = next_++; task < tasks_; task = next_++) (*work_)(task, thread);
}

void Threads::run(std::int64_t tasks,
                  const std::function<void(std::int64_t task, int thread)>& work) {
  work_ = &work;
  tasks_ = tasks;
  next_ = 0;
  if (tasks > 1 && !others_.empty()) {
    busy_ = static_cast<int>(others_.size());
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
    take_tasks(0);
    // The others may wait for the processor that this thread spins on.
    for (int look = 0; busy_.load(std::memory_order_acquire) > 0; ++look) {
      look < kLooks ? pause() : std::this_thread::yield();
    }
  } else {
    take_tasks(0);
  }
}

}  // namespace pingjia::kernels

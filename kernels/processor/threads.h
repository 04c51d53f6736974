#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace pingjia::kernels {

/// Threads that share the work of one kernel call, each pinned to one processor of those this
/// process may use, so that the scheduler moves none during a measurement. The caller's thread is
/// the first of them, and free to move again when this ends. Not itself thread-safe: one call at a
/// time.
class Threads {
 public:
  /// `count` threads, at least 1; 0 means one for each processor this process may use.
  explicit Threads(int count = 0);
  ~Threads();
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  int count() const { return static_cast<int>(others_.size()) + 1; }

  /// Processors that the caller might use before it was pinned.
  const std::vector<int>& processors() const { return callers_; }

  /// Calls work(task, thread) once for each task in [0, tasks), thread in [0, count()): whichever
  /// thread is free takes the next task. Returns when all are done. `work` must not throw.
  void run(std::int64_t tasks, const std::function<void(std::int64_t task, int thread)>& work);

 private:
  void serve(int thread, int processor);
  void take_tasks(int thread);

  std::vector<int> callers_;
  const std::function<void(std::int64_t, int)>* work_ = nullptr;
  std::int64_t tasks_ = 0;
  std::atomic<std::int64_t> next_{0};
  std::atomic<int> busy_{0};
  std::atomic<std::uint32_t> round_{0};  ///< One more for each call, and for the end.
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> others_;
};

/// Processors this process may run on (sched_getaffinity), in the order of their numbers.
std::vector<int> usable_processors();

}  // namespace pingjia::kernels

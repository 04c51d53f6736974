#pragma once

#include <cstdint>
#include <functional>

#include "kernels/processor/threads.h"

namespace pingjia::kernels {

/// The OpenMP threads that oneDNN runs on: as many as `threads` has, each on a processor of its own
/// as those are.
class OneDnnTeam {
 public:
  explicit OneDnnTeam(const Threads& threads);

  int count() const { return count_; }

  /// oneDNN's own calls from here use this many threads, as do primitives that are made.
  void use(int threads) const;

  /// Calls work(task, thread) once for each task in [0, tasks), on whichever thread is free; what
  /// oneDNN is asked inside runs on that thread alone.
  void run(std::int64_t tasks,
           const std::function<void(std::int64_t task, int thread)>& work) const;

 private:
  int count_;
};

}  // namespace pingjia::kernels

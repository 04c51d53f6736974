#pragma once

#include <functional>
#include <memory>

#include "kernels/cuda/stream.h"
#include "kernels/measure/cuda/memory.h"
#include "kernels/measure/sampling.h"

namespace pingjia::kernels::cuda {

using Work = std::function<void(Stream)>;

/// Calls recorded once and put on a stream as one: what lies between them on the device is a
/// microsecond less than between launches, and no host can be late.
class Graph {
 public:
  Graph(Stream stream, const Work& calls);
  ~Graph();
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;
  void launch(Stream stream) const;

 private:
  void* graph_ = nullptr;
};

/// Times work by the device's events. A kernel that spins until the host lets go stands before
/// them, so that everything is queued before the first event passes: the host's time is in no
/// sample. Two stamps of one multiprocessor's cycle counter and of the nanosecond timer, around the
/// events, give the clock the sample ran at.
class Timer {
 public:
  Timer(int multiprocessors, std::int64_t l2_bytes);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  Stream stream() const;
  /// Until all is done that was put on the stream. Throws what the device reports.
  void wait() const;
  /// Writes twice the L2.
  void flush();
  /// Of one call, where `work` puts `calls` of them, at most kMostQueued, on the stream. With
  /// `flushed`, the L2 is flushed before. The work must have run once before: what is loaded
  /// at a first launch may wait for the device, which waits for the host. Throws std::runtime_error
  /// when the host takes over two seconds to queue it.
  Sample time(const Work& work, int calls, bool flushed);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pingjia::kernels::cuda

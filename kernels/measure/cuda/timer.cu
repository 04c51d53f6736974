#include "kernels/measure/cuda/timer.h"

#include <stdexcept>

#include "kernels/cuda/status.cuh"

namespace pingjia::kernels::cuda {
namespace {

/// In host memory that the device sees.
struct Shared {
  int released = 0;
  int expired = 0;
  struct Stamp {
    long long cycles = 0, nanoseconds = 0;
  } stamps[2];
};

__device__ long long nanoseconds() {
  long long now;
  asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(now));
  return now;
}

__global__ void wait_for_host(volatile Shared* shared) {
  const long long begin = nanoseconds();
  while (shared->released == 0) {
    if (nanoseconds() - begin < 2'000'000'000) continue;
    shared->expired = 1;
    return;
  }
}

/// A block for each multiprocessor; the one on the first writes. Counters of two multiprocessors
/// differ.
__global__ void stamp(volatile Shared* shared, int which) {
  unsigned multiprocessor;
  asm volatile("mov.u32 %0, %%smid;" : "=r"(multiprocessor));
  if (multiprocessor != 0 || threadIdx.x != 0) return;
  shared->stamps[which].cycles = clock64();
  shared->stamps[which].nanoseconds = nanoseconds();
}

}  // namespace

Graph::Graph(Stream stream, const Work& calls) {
  cudaGraph_t recorded = nullptr;
  check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), "begin a graph");
  calls(stream);
  check(cudaStreamEndCapture(stream, &recorded), "end a graph");
  cudaGraphExec_t graph = nullptr;
  const cudaError_t status = cudaGraphInstantiate(&graph, recorded, 0);
  cudaGraphDestroy(recorded);
  check(status, "build a graph");
  graph_ = graph;
}

Graph::~Graph() {
  cudaGraphExecDestroy(static_cast<cudaGraphExec_t>(graph_));
}

void Graph::launch(Stream stream) const {
  check(cudaGraphLaunch(static_cast<cudaGraphExec_t>(graph_), stream), "launch a graph");
}

struct Timer::State {
  unsigned multiprocessors = 0;
  std::int64_t flush_bytes = 0;
  Memory flush;
  cudaStream_t stream = nullptr;
  cudaEvent_t begin = nullptr, end = nullptr;
  Shared* shared = nullptr;
};

Timer::Timer(int multiprocessors, std::int64_t l2_bytes) : state_(new State) {
  state_->multiprocessors = static_cast<unsigned>(multiprocessors);
  state_->flush = Memory(2 * l2_bytes);
  check(cudaStreamCreateWithFlags(&state_->stream, cudaStreamNonBlocking), "make a stream");
  check(cudaEventCreate(&state_->begin), "make an event");
  check(cudaEventCreate(&state_->end), "make an event");
  void* shared = nullptr;
  check(cudaHostAlloc(&shared, sizeof(Shared), cudaHostAllocMapped), "allocate host memory");
  state_->shared = new (shared) Shared;
  // Loads the kernels, while nothing waits.
  state_->shared->released = 1;
  wait_for_host<<<1, 1, 0, state_->stream>>>(state_->shared);
  stamp<<<state_->multiprocessors, 32, 0, state_->stream>>>(state_->shared, 0);
  check(cudaGetLastError(), "launch the timer's kernels");
  wait();
}

Timer::~Timer() {
  cudaFreeHost(state_->shared);
  cudaEventDestroy(state_->begin);
  cudaEventDestroy(state_->end);
  cudaStreamDestroy(state_->stream);
}

Stream Timer::stream() const {
  return state_->stream;
}

void Timer::wait() const {
  check(cudaStreamSynchronize(state_->stream), "finish its work");
}

void Timer::flush() {
  State& the = *state_;
  check(cudaMemsetAsync(the.flush.as<void>(), 0x5a, static_cast<std::size_t>(the.flush.bytes()),
                        the.stream),
        "flush the L2");
}

Sample Timer::time(const Work& work, int calls, bool flushed) {
  State& the = *state_;
  *the.shared = Shared{};
  wait_for_host<<<1, 1, 0, the.stream>>>(the.shared);
  stamp<<<the.multiprocessors, 32, 0, the.stream>>>(the.shared, 0);
  if (flushed) flush();
  check(cudaEventRecord(the.begin, the.stream), "record an event");
  work(the.stream);
  check(cudaEventRecord(the.end, the.stream), "record an event");
  stamp<<<the.multiprocessors, 32, 0, the.stream>>>(the.shared, 1);
  const_cast<volatile Shared*>(the.shared)->released = 1;
  wait();
  if (the.shared->expired != 0) {
    throw std::runtime_error("the host took two seconds to queue what is timed");
  }
  float milliseconds = 0;
  check(cudaEventElapsedTime(&milliseconds, the.begin, the.end), "read an event");
  const auto& [first, last] = the.shared->stamps;
  const auto elapsed = static_cast<double>(last.nanoseconds - first.nanoseconds);
  const bool stamped = first.nanoseconds != 0 && elapsed > 0;
  return {
      .seconds = static_cast<double>(milliseconds) * 1e-3 / calls,
      .clock_hz = stamped ? static_cast<double>(last.cycles - first.cycles) / elapsed * 1e9 : 0};
}

}  // namespace pingjia::kernels::cuda

#include "kernels/memory/stream.h"

#include <algorithm>
#include <atomic>

#include "kernels/memory/bandwidth.h"
#include "kernels/processor/buffer.h"
#include "kernels/processor/clock.h"

namespace pingjia::kernels {
namespace {

/// Sums in eight lanes of four, which the compiler turns into vector additions: enough of them in
/// flight to wait for memory and not for each other. Asks for what comes, as the kernels that
/// stream weights do (gemm/micro_isa.h): the processor's own prefetcher leaves a tenth of memory's
/// rate.
float sum(std::span<const float> values) {
  using Lanes = float __attribute__((vector_size(16)));
  constexpr std::size_t kLanes = 4, kSums = 8, kLine = 16, kAhead = 4096;
  Lanes sums[kSums] = {};
  std::size_t i = 0;
  for (; i + kLanes * kSums <= values.size(); i += kLanes * kSums) {
    for (std::size_t j = 0; j < kLanes * kSums; j += kLine) {
      __builtin_prefetch(values.data() + i + kAhead + j, 0, 2);
    }
    for (std::size_t j = 0; j < kSums; ++j) {
      Lanes lanes;
      __builtin_memcpy(&lanes, &values[i + j * kLanes], sizeof lanes);
      sums[j] += lanes;
    }
  }
  float total = 0;
  for (const Lanes& lanes : sums) total += lanes[0] + lanes[1] + lanes[2] + lanes[3];
  for (; i < values.size(); ++i) total += values[i];
  return total;
}

/// Thread t of n has [first, first + count) of `elements`.
struct Part {
  std::size_t first, count;
  Part(std::int64_t elements, int thread, int threads)
      : first(static_cast<std::size_t>(elements / threads * thread)),
        count(static_cast<std::size_t>(elements / threads)) {}
};

template <class Work>
double best_time(int passes, Work work) {
  double best = 1e30;
  for (int pass = 0; pass < passes; ++pass) {
    const double begin = now_seconds();
    work();
    best = std::min(best, now_seconds() - begin);
  }
  return best;
}

}  // namespace

StreamRate measure_stream(Threads& threads, std::int64_t bytes, int passes) {
  const std::int64_t elements = bytes / std::int64_t{sizeof(double)};
  Buffer a(bytes), b(bytes), out(bytes);
  const auto part = [&](Buffer& buffer, std::int64_t task) {
    const Part mine(elements, static_cast<int>(task), threads.count());
    return buffer.span<double>().subspan(mine.first, mine.count);
  };
  threads.run(threads.count(), [&](std::int64_t task, int) {
    std::fill_n(part(a, task).data(), part(a, task).size(), 1.0);
    std::fill_n(part(b, task).data(), part(b, task).size(), 2.0);
    std::fill_n(part(out, task).data(), part(out, task).size(), 3.0);
  });
  // Kept where the compiler must assume that somebody reads it.
  std::atomic<float> total{0};
  const double read = best_time(passes, [&] {
    threads.run(threads.count(), [&](std::int64_t task, int) {
      const std::span<double> mine = part(a, task);
      total = sum({reinterpret_cast<const float*>(mine.data()), mine.size() * 2});
    });
  });
  const double triads = best_time(passes, [&] {
    threads.run(threads.count(), [&](std::int64_t task, int) {
      triad(part(a, task), part(b, task), 3.0, part(out, task));
    });
  });
  const std::int64_t touched = elements / threads.count() * threads.count();
  return {.read = static_cast<double>(touched) * sizeof(double) / read,
          .triad = static_cast<double>(triad_bytes(touched)) / triads};
}

}  // namespace pingjia::kernels

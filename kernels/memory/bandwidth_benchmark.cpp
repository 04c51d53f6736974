#include <benchmark/benchmark.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <thread>

#include "kernels/memory/bandwidth.h"
#include "kernels/memory/caches.h"

namespace pingjia::kernels {
namespace {

constexpr int kArrays = 3;

std::int64_t caches() {
  return last_level_cache_bytes("/sys/devices/system/cpu").value_or(std::int64_t{16} << 20);
}

std::int64_t physical_memory() {
  return std::int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
}

// On huge pages where the kernel gives them: with small ones the probe would time the walks of page
// tables. Each thread makes its own and is the first to touch it, so that its pages lie in the
// memory nearest to it.
class Array {
 public:
  explicit Array(std::int64_t elements) : size_(static_cast<std::size_t>(elements)) {
    const std::size_t bytes = (size_ * sizeof(double) / kHugePage + 1) * kHugePage;
    data_.reset(static_cast<double*>(std::aligned_alloc(kHugePage, bytes)));
    if (data_ != nullptr) madvise(data_.get(), bytes, MADV_HUGEPAGE);
  }
  bool empty() const { return data_ == nullptr; }
  std::span<double> span() { return {data_.get(), size_}; }

 private:
  static constexpr std::size_t kHugePage = std::size_t{2} << 20;

  struct Free {
    void operator()(double* data) const { std::free(data); }
  };
  std::size_t size_;
  std::unique_ptr<double[], Free> data_;
};

// Small integers: sums and products are exact, so the check needs no tolerance.
void fill(std::span<double> values, int modulus) {
  int next = 0;
  for (double& value : values) {
    value = next;
    next = next + 1 == modulus ? 0 : next + 1;
  }
}

constexpr double kScalar = 3.0;
constexpr int kPasses = 8;

enum class Operation { kCopy, kTriad };

void run(Operation operation, Array& a, Array& b, Array& out) {
  if (operation == Operation::kCopy) {
    copy(a.span(), out.span());
  } else {
    triad(a.span(), b.span(), kScalar, out.span());
  }
}

bool is_right(Operation operation, Array& a, Array& b, Array& out) {
  const double scalar = operation == Operation::kCopy ? 0 : kScalar;
  for (std::size_t i = 0; i < out.span().size(); ++i) {
    if (out.span()[i] != a.span()[i] + scalar * b.span()[i]) return false;
  }
  return true;
}

void bandwidth(benchmark::State& state, Operation operation) {
  const std::int64_t bytes = array_bytes(caches(), physical_memory(), kArrays);
  const std::int64_t elements = bytes / state.threads() / std::int64_t{sizeof(double)};
  Array a(elements), b(elements), out(elements);
  if (a.empty() || b.empty() || out.empty()) {
    state.SkipWithError("not enough memory for arrays of four times the caches");
    return;
  }
  fill(a.span(), 1021);
  fill(b.span(), 509);
  fill(out.span(), 2);
  run(operation, a, b, out);
  if (!is_right(operation, a, b, out)) {
    state.SkipWithError("wrote a wrong value");
    return;
  }
  for (auto _ : state) {
    run(operation, a, b, out);
    benchmark::ClobberMemory();
  }
  const std::int64_t pass =
      operation == Operation::kCopy ? copy_bytes(elements) : triad_bytes(elements);
  // Google Benchmark adds up the threads' bytes and divides by the time of one.
  state.SetBytesProcessed(state.iterations() * pass);
  state.counters["array_bytes"] = benchmark::Counter(static_cast<double>(elements) * sizeof(double),
                                                     benchmark::Counter::kDefaults);
  if (bytes < 4 * caches()) state.SetLabel("arrays under four times the caches: memory is short");
}

// memory/OPERATION/float64/iterations:PASSES/real_time/threads:N
[[maybe_unused]] const bool kRegistered = [] {
  const int processors = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const auto add = [processors](const char* name, Operation operation) {
    auto* row = benchmark::RegisterBenchmark(
        name, [operation](benchmark::State& state) { bandwidth(state, operation); });
    // A fixed count: to search for one would fill gigabytes again for every guess.
    row->UseRealTime()->Unit(benchmark::kMillisecond)->Iterations(kPasses)->Threads(1);
    if (processors > 1) row->Threads(processors);
  };
  add("memory/copy/float64", Operation::kCopy);
  add("memory/triad/float64", Operation::kTriad);
  return true;
}();

}  // namespace
}  // namespace pingjia::kernels

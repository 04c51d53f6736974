#include <unistd.h>

#include <algorithm>

#include "kernels/measure/family.h"
#include "kernels/memory/bandwidth.h"
#include "kernels/memory/caches.h"
#include "kernels/processor/buffer.h"

namespace pingjia::kernels {
namespace {

constexpr int kArrays = 3;
constexpr double kScalar = 3.0;

enum class Operation { kCopy, kTriad };

// Small integers: sums and products are exact, so the check needs no tolerance.
void fill(std::span<double> values, int modulus) {
  int next = 0;
  for (double& value : values) {
    value = next;
    next = next + 1 == modulus ? 0 : next + 1;
  }
}

/// Arrays of four times the caches: each pass throws the last one's lines out by itself.
class BandwidthTrial final : public Trial {
 public:
  BandwidthTrial(Operation operation, std::int64_t elements, Threads& threads)
      : operation_(operation),
        threads_(threads),
        a_(elements * 8),
        b_(elements * 8),
        out_(elements * 8) {
    // Each thread is the first to touch its part, so that it lies in the memory nearest to it.
    threads.run(threads.count(), [&](std::int64_t task, int) {
      fill(part(a_, task), 1021);
      fill(part(b_, task), 509);
      std::fill_n(part(out_, task).data(), part(out_, task).size(), -1.0);
    });
  }

  void run() override {
    threads_.run(threads_.count(), [&](std::int64_t task, int) {
      if (operation_ == Operation::kCopy) {
        copy(part(a_, task), part(out_, task));
      } else {
        triad(part(a_, task), part(b_, task), kScalar, part(out_, task));
      }
    });
  }

  std::optional<std::string> check() override {
    const double scalar = operation_ == Operation::kCopy ? 0 : kScalar;
    for (int task = 0; task < threads_.count(); ++task) {
      const auto a = part(a_, task), b = part(b_, task), out = part(out_, task);
      for (std::size_t i = 0; i < out.size(); ++i) {
        if (out[i] != a[i] + scalar * b[i]) return "wrote a wrong value";
      }
    }
    return std::nullopt;
  }

  std::vector<std::span<const std::byte>> operands() const override { return {}; }

 private:
  std::span<double> part(Buffer& buffer, std::int64_t task) const {
    const auto whole = buffer.span<double>();
    // Even, because the kernels want 16 bytes.
    const std::size_t size = whole.size() / static_cast<std::size_t>(threads_.count()) / 2 * 2;
    return whole.subspan(static_cast<std::size_t>(task) * size, size);
  }

  Operation operation_;
  Threads& threads_;
  Buffer a_, b_, out_;
};

Case case_of(const char* op, Operation operation, std::int64_t elements, std::int64_t bytes) {
  Case wanted;
  wanted.row.op = op;
  wanted.row.type = "fp64";
  wanted.row.model = "any";
  wanted.row.shape = {{"elements", elements}};
  wanted.row.implementation = "pingjia";
  wanted.row.ours = true;
  wanted.row.bytes = static_cast<double>(bytes);
  wanted.memory_bytes = static_cast<double>(kArrays * elements) * 8;
  wanted.cache = "cold";
  wanted.prepare = [operation, elements](Threads& threads) {
    return std::make_unique<BandwidthTrial>(operation, elements, threads);
  };
  return wanted;
}

std::vector<Case> cases_of(const ModelShape&) {
  const std::int64_t caches =
      last_level_cache_bytes("/sys/devices/system/cpu").value_or(std::int64_t{16} << 20);
  const std::int64_t memory = std::int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  const std::int64_t elements = array_bytes(caches, memory, kArrays) / 8;
  return {case_of("memory/copy", Operation::kCopy, elements, copy_bytes(elements)),
          case_of("memory/triad", Operation::kTriad, elements, triad_bytes(elements))};
}

[[maybe_unused]] const bool kAdded = add_family({"memory", cases_of, false});

}  // namespace
}  // namespace pingjia::kernels

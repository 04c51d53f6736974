#include "kernels/measure/roofs.h"

#include <algorithm>
#include <atomic>

#include "kernels/memory/caches.h"
#include "kernels/memory/stream.h"
#include "kernels/processor/clock.h"
#include "kernels/processor/isa.h"
#include "kernels/processor/peak.h"

namespace pingjia::kernels {
namespace {

constexpr int kTries = 5;

std::string with_threads(const std::string& what, const Threads& threads) {
  return what + ", " + std::to_string(threads.count()) +
         (threads.count() == 1 ? " thread" : " threads");
}

double rate_of(const Peak& peak, Threads& threads) {
  std::int64_t rounds = 1000;
  std::atomic<float> kept{0};
  double best = 0;
  // Grows until one try takes 20 ms, so that starting the threads costs nothing beside it.
  for (int tries = 0; tries < kTries;) {
    const double begin = now_seconds();
    threads.run(threads.count(), [&](std::int64_t, int) { kept = peak.spin(rounds); });
    const double seconds = now_seconds() - begin;
    if (seconds < 0.02) {
      rounds *= 2;
      continue;
    }
    best = std::max(best,
                    static_cast<double>(rounds) * peak.flops_per_round * threads.count() / seconds);
    ++tries;
  }
  return best;
}

harness::KernelRoof arithmetic(const std::string& name, const Peak& peak, Threads& threads) {
  return {.name = name,
          .value = rate_of(peak, threads),
          .unit = "FLOP/s",
          .maker = with_threads(std::string(peak.instruction) + " loop", threads)};
}

harness::KernelRoof bandwidth(const std::string& name, std::int64_t bytes, int passes,
                              Threads& threads) {
  const StreamRate rate = measure_stream(threads, bytes, passes);
  const char* how = rate.read >= rate.triad ? "read of " : "STREAM triad over arrays of ";
  return {.name = name,
          .value = rate.best(),
          .unit = "B/s",
          .maker = with_threads(how + std::to_string(bytes >> 20) + " MiB", threads)};
}

const harness::KernelRoof* find(const std::vector<harness::KernelRoof>& roofs,
                                const std::string& name) {
  const auto found =
      std::find_if(roofs.begin(), roofs.end(), [&](const auto& roof) { return roof.name == name; });
  return found == roofs.end() ? nullptr : &*found;
}

}  // namespace

harness::KernelRoof measure_roof(const std::string& name, Threads& threads) {
  if (name == "fp32") return arithmetic(name, fp32_peak(best_isa()), threads);
  if (name == "bf16") return arithmetic(name, bf16_peak(best_isa()), threads);
  const std::int64_t caches =
      last_level_cache_bytes("/sys/devices/system/cpu").value_or(std::int64_t{16} << 20);
  if (name == "dram") {
    const std::int64_t large =
        std::clamp(4 * caches, std::int64_t{256} << 20, std::int64_t{1} << 30);
    return bandwidth(name, large, 5, threads);
  }
  const std::int64_t small = std::clamp(caches / 12, std::int64_t{1} << 20, std::int64_t{16} << 20);
  return bandwidth(name, small, 200, threads);
}

std::vector<harness::KernelRoof> measure_roofs(Threads& threads) {
  std::vector<harness::KernelRoof> roofs;
  for (const char* name : {"dram", "cache", "fp32", "bf16"}) {
    roofs.push_back(measure_roof(name, threads));
  }
  return roofs;
}

std::vector<harness::KernelRoof> higher_roofs(std::vector<harness::KernelRoof> one,
                                              const std::vector<harness::KernelRoof>& other) {
  for (harness::KernelRoof& roof : one) {
    const harness::KernelRoof* again = find(other, roof.name);
    if (again != nullptr && again->value > roof.value) roof = *again;
  }
  return one;
}

std::optional<RoofShare> limiting_roof(const harness::KernelRow& row, double seconds,
                                       const std::vector<harness::KernelRoof>& roofs,
                                       double cache_bytes, double second_level_bytes) {
  std::string memory;
  if (row.cache == "cold" || row.bytes > 3 * cache_bytes) {
    memory = "dram";
  } else if (row.bytes > second_level_bytes && row.bytes < cache_bytes / 3) {
    memory = "cache";
  }
  std::optional<RoofShare> limit;
  for (const std::string& name : {row.type, memory}) {
    const harness::KernelRoof* roof = find(roofs, name);
    if (roof == nullptr) continue;
    const double least = (roof->is_bandwidth() ? row.bytes : row.flops) / roof->value;
    if (least > 0 && (!limit || least / seconds > limit->fraction)) limit = {name, least / seconds};
  }
  return limit;
}

}  // namespace pingjia::kernels

#include "kernels/measure/measure.h"

#include <fmt/format.h>

#include <cmath>
#include <new>

#include "kernels/measure/roofs.h"
#include "kernels/processor/clock.h"
#include "kernels/processor/eviction.h"

namespace pingjia::kernels {
namespace {

/// A sample of a shorter call repeats it: the clock's own cost is some 50 ns.
constexpr double kShortestSample = 50e-6;
constexpr double kLongBesideCaches = 0.1;  ///< A call so long fills the caches many times over.
constexpr double kFarLarger = 3;

constexpr double kLeastForJoules = 0.1;

/// A call that reads far more than the caches hold throws its operands out by itself.
void evict_all(const Trial& trial, double bytes_read, const Bench& bench) {
  if (bytes_read > kFarLarger * bench.cache_bytes) return;
  const auto operands = trial.operands();
  for (const std::span<const std::byte> memory : operands) {
    constexpr std::size_t kPiece = std::size_t{1} << 20;
    const auto pieces = static_cast<std::int64_t>((memory.size() + kPiece - 1) / kPiece);
    bench.threads.run(pieces, [&](std::int64_t piece, int) {
      const std::size_t first = static_cast<std::size_t>(piece) * kPiece;
      evict(memory.subspan(first, std::min(kPiece, memory.size() - first)));
    });
  }
}

Sample take_sample(Trial& trial, std::int64_t calls) {
  const double before = core_clock_hz();
  const double begin = now_seconds();
  for (std::int64_t call = 0; call < calls; ++call) trial.run();
  const double seconds = (now_seconds() - begin) / static_cast<double>(calls);
  return {.seconds = seconds, .clock_hz = (before + core_clock_hz()) / 2};
}

/// How many calls make a sample of a hot row. `first` is how long the first one took.
std::int64_t calls_for(Trial& trial, double first) {
  if (first > kLongBesideCaches) return 1;
  trial.run();  // The caches and the branch predictors are warm after this.
  const double begin = now_seconds();
  trial.run();
  const double once = std::max(now_seconds() - begin, 1e-8);
  return std::max<std::int64_t>(1, std::llround(kShortestSample / once));
}

std::vector<Sample> take_samples(Trial& trial, const harness::KernelRow& row, const Sample& first,
                                 double begin, const Bench& bench, const StopRule& rule) {
  const bool cold = row.cache == "cold";
  if (const auto own = trial.own_samples(cold, rule)) return at_modal_clock(*own);
  if (first.seconds > rule.longest_call) return {first};
  const std::int64_t calls = cold ? 1 : calls_for(trial, first.seconds);
  std::vector<Sample> samples;
  while (!is_enough(samples, now_seconds() - begin, rule)) {
    if (cold) evict_all(trial, row.bytes, bench);
    samples.push_back(take_sample(trial, calls));
  }
  return at_modal_clock(samples);
}

void set_times(const std::vector<Sample>& samples, harness::KernelRow& row) {
  std::vector<double> seconds, cycles, clocks;
  for (const Sample& sample : samples) {
    seconds.push_back(sample.seconds);
    cycles.push_back(sample.seconds * sample.clock_hz);
    clocks.push_back(sample.clock_hz);
  }
  row.seconds = times_of(seconds);
  const double clock = times_of(clocks).median;
  if (clock > 0) {
    row.cycles = times_of(cycles);
    row.clock_hz = clock;
  }
}

void set_failed(const std::string& reason, harness::KernelRow& row) {
  row.status = harness::KernelRow::kFailed;
  row.reason = reason;
}

void measure_here(const Case& wanted, const Bench& bench, const StopRule& rule,
                  Measured& measured) {
  harness::KernelRow& row = measured.row;
  // The row's time has begun: filling its buffers and checking them are part of it.
  const double begin = now_seconds();
  const std::unique_ptr<Trial> trial = wanted.prepare(bench.threads);
  const Sample first = take_sample(*trial, 1);
  if (const auto wrong = trial->check()) return set_failed(*wrong, row);
  measured.samples = take_samples(*trial, row, first, begin, bench, rule);
  if (const auto wrong = trial->check()) {
    return set_failed("after the timed calls: " + *wrong, row);
  }
  set_times(measured.samples, row);
  row.other_clocks = trial->other_clocks(row.cache == "cold");
  // A meter needs a second, which a row of a short budget does not have.
  if (rule.seconds >= kLeastForJoules) row.joules = trial->joules(row.cache == "cold");
  judge(bench, row);
}

}  // namespace

void judge(const Bench& bench, harness::KernelRow& row) {
  const auto share = limiting_roof(row, row.seconds->median, bench.roofs, bench.cache_bytes,
                                   bench.second_level_bytes);
  if (!share) return;
  row.status = harness::KernelRow::kOk;
  row.reason.clear();
  row.roof = share->roof;
  row.roof_fraction = share->fraction;
  if (share->fraction > kMostOfRoof) {
    row.status = harness::KernelRow::kRejected;
    row.reason = fmt::format("{:.0f} % of the measured roof {}: faster than the machine",
                             share->fraction * 100, share->roof);
  }
}

std::string clocks_apart(const harness::KernelRow& row) {
  std::string line;
  const double median = row.seconds->median;
  for (const auto& [clock, seconds] : row.other_clocks) {
    const double apart = std::abs(seconds - median);
    if (apart <= 1e-6 || apart <= 0.03 * median) continue;
    if (line.empty()) line = fmt::format("{:.2f} us", median * 1e6);
    line += fmt::format(", but {:.2f} us by {}", seconds * 1e6, clock);
  }
  return line;
}

Measured measure(const Case& wanted, const std::string& cache, const Bench& bench,
                 const StopRule& rule) {
  Measured measured{.row = wanted.row, .samples = {}};
  measured.row.cache = cache;
  const auto absent = [&](const std::string& reason) {
    measured.row.status = harness::KernelRow::kAbsent;
    measured.row.reason = reason;
    return measured;
  };
  if (!wanted.absent.empty()) return absent(wanted.absent);
  const std::string memory = fmt::format("needs {:.1f} GB of memory, and this machine gives {:.1f}",
                                         wanted.memory_bytes / 1e9, bench.memory_bytes / 1e9);
  if (wanted.memory_bytes > bench.memory_bytes) return absent(memory);
  try {
    measure_here(wanted, bench, rule, measured);
  } catch (const std::bad_alloc&) {
    return absent(memory);
  } catch (const Unsupported& error) {
    return absent(error.what());
  } catch (const std::exception& error) {
    set_failed(error.what(), measured.row);
  }
  return measured;
}

std::string fault_of(const Case& wanted, Bench& bench) {
  if (!wanted.absent.empty() || wanted.memory_bytes > bench.memory_bytes) return "";
  try {
    const std::unique_ptr<Trial> trial = wanted.prepare(bench.threads);
    trial->run();
    return trial->check().value_or("");
  } catch (const Unsupported&) {
    return "";
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace pingjia::kernels

#include "kernels/comparison/side.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace pingjia::kernels {

namespace {

using harness::KernelRow;
using harness::StoredKernels;

/// One row in one run.
struct RunRow {
  const KernelRow* row;
  const harness::KernelSamples* samples;
};

std::optional<RunRow> row_in(const StoredKernels& run, const std::string& name) {
  for (std::size_t i = 0; i < run.table.rows.size(); ++i) {
    if (harness::kernel_row_name(run.table.rows[i]) == name) {
      return RunRow{&run.table.rows[i], &run.samples[i]};
    }
  }
  return std::nullopt;
}

std::optional<SideMedian> median_over(const std::vector<RunRow>& runs,
                                      std::vector<float> harness::KernelSamples::*samples) {
  SideMedian over{{}, INFINITY, -INFINITY};
  double variance = 0;
  for (const RunRow& run : runs) {
    const auto median = log_median(run.samples->*samples);
    if (!median) return std::nullopt;
    over.mean.value += median->value;
    variance += median->error * median->error;
    over.low = std::min(over.low, median->value);
    over.high = std::max(over.high, median->value);
  }
  const auto count = static_cast<double>(runs.size());
  over.mean.value /= count;
  over.mean.error = std::sqrt(variance) / count;
  return over;
}

void take_times(const std::vector<RunRow>& runs, SideRow& over) {
  double logs = 0, clocks = 0, known = 0;
  for (const RunRow& run : runs) {
    logs += std::log(run.row->seconds->median);
    if (!run.row->clock_hz) continue;
    clocks += *run.row->clock_hz;
    ++known;
  }
  over.seconds = std::exp(logs / static_cast<double>(runs.size()));
  if (known > 0) over.clock_hz = clocks / known;
  over.time = median_over(runs, &harness::KernelSamples::seconds);
  over.cycles = median_over(runs, &harness::KernelSamples::cycles);
}

SideRow row_over(std::span<const StoredKernels> runs, const std::string& name) {
  SideRow over;
  over.name = name;
  std::vector<RunRow> rows;
  for (const StoredKernels& run : runs) {
    const auto found = row_in(run, name);
    if (found) rows.push_back(*found);
    const auto status = found ? found->row->status : KernelRow::kAbsent;
    if (status <= over.status) continue;
    over.status = status;
    over.reason = found ? found->row->reason : "not in every run";
  }
  if (over.status == KernelRow::kOk) take_times(rows, over);
  return over;
}

// Processors that other programs took meanwhile; nothing recorded is none.
double competing(const harness::KernelTable& table) {
  const auto found = table.context.find("competing_processors");
  return found == table.context.end() ? 0 : std::strtod(found->second.c_str(), nullptr);
}

}  // namespace

const SideRow* Side::find(const std::string& name) const {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const SideRow& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

Side side_of(std::span<const StoredKernels> runs) {
  Side side{runs.front().table.context, 0, {}};
  for (const StoredKernels& run : runs) {
    side.competing_processors = std::max(side.competing_processors, competing(run.table));
  }
  for (const KernelRow& row : runs.front().table.rows) {
    side.rows.push_back(row_over(runs, harness::kernel_row_name(row)));
  }
  return side;
}

double gap(const SideMedian& a, const SideMedian& b) {
  if (b.low > a.high) return b.low - a.high;
  return std::min(0.0, b.high - a.low);
}

}  // namespace pingjia::kernels

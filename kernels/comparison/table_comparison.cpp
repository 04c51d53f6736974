#include "kernels/comparison/table_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "harness/stats/multiplicity.h"

namespace pingjia::kernels {

namespace {

using harness::KernelRow;
using harness::KernelSamples;
using harness::StoredKernels;

// A row measured on both sides, before the shift between the processes is known.
struct Pair {
  const KernelRow* a = nullptr;
  const KernelRow* b = nullptr;
  std::optional<LogRatio> time;  // Nothing: too few samples.
  std::optional<LogRatio> cycles;
};

std::optional<LogRatio> log_ratio(const std::vector<float>& a, const std::vector<float>& b) {
  const auto before = log_median(a);
  const auto after = log_median(b);
  if (!before || !after) return std::nullopt;
  return LogRatio{after->value - before->value, std::hypot(before->error, after->error)};
}

std::optional<LogRatio> with_shift(std::optional<LogRatio> ratio, double shift) {
  if (ratio) ratio->error = std::hypot(ratio->error, shift);
  return ratio;
}

std::string without_result(const KernelRow& row, const char* side) {
  return fmt::format("{} in {}: {}", harness::kernel_status_name(row.status), side, row.reason);
}

// Sorts the rows of both tables into pairs, rows without a result, and rows of one side.
std::vector<Pair> pair_rows(const StoredKernels& a, const StoredKernels& b,
                            TableComparison& comparison) {
  std::map<std::string, std::size_t> in_b;
  for (std::size_t i = 0; i < b.table.rows.size(); ++i) {
    in_b[harness::kernel_row_name(b.table.rows[i])] = i;
  }
  std::vector<Pair> pairs;
  std::set<std::string> met;
  for (std::size_t i = 0; i < a.table.rows.size(); ++i) {
    const KernelRow& before = a.table.rows[i];
    const auto name = harness::kernel_row_name(before);
    const auto found = in_b.find(name);
    if (found == in_b.end()) {
      comparison.only_a.push_back(name);
      continue;
    }
    met.insert(name);
    const KernelRow& after = b.table.rows[found->second];
    if (before.status == KernelRow::kOk && after.status == KernelRow::kOk) {
      const KernelSamples& old = a.samples[i];
      const KernelSamples& now = b.samples[found->second];
      pairs.push_back({&before, &after, log_ratio(old.seconds, now.seconds),
                       log_ratio(old.cycles, now.cycles)});
      continue;
    }
    const bool lost = before.status == KernelRow::kOk;
    comparison.broken |= lost && after.status == KernelRow::kFailed;
    comparison.not_compared.push_back(
        name + ": " + (lost ? without_result(after, "B") : without_result(before, "A")));
  }
  for (const auto& row : b.table.rows) {
    const auto name = harness::kernel_row_name(row);
    if (!met.contains(name)) comparison.only_b.push_back(name);
  }
  return pairs;
}

std::vector<LogRatio> times_of(const std::vector<Pair>& pairs) {
  std::vector<LogRatio> times;
  for (const auto& pair : pairs) {
    if (pair.time) times.push_back(*pair.time);
  }
  return times;
}

std::string clock_of(const KernelRow& row) {
  return row.clock_hz ? fmt::format("{:.2f} GHz", *row.clock_hz / 1e9) : "unknown";
}

std::string note_of(const Pair& pair, Verdict verdict, bool time_changed) {
  if (!pair.time) return "fewer than 6 samples";
  if (!time_changed || verdict == Verdict::kFast || verdict == Verdict::kSlow) return "";
  if (verdict == Verdict::kSame) {
    return fmt::format("only the clock changed: {} in A, {} in B", clock_of(*pair.a),
                       clock_of(*pair.b));
  }
  return "time changed, and cycles do not confirm it";
}

RowComparison compare_row(const Pair& pair, double adjusted_p, const VerdictOptions& options) {
  RowComparison row;
  row.name = harness::kernel_row_name(*pair.a);
  row.seconds_a = pair.a->seconds->median;
  row.seconds_b = pair.b->seconds->median;
  row.ratio = pair.time ? std::exp(pair.time->value) : row.seconds_b / row.seconds_a;
  row.interval = pair.time ? pair.time->ratio() : harness::Interval{0, INFINITY};
  if (pair.cycles) row.cycle_ratio = std::exp(pair.cycles->value);
  if (pair.time) row.verdict = judge(*pair.time, adjusted_p, pair.cycles, options);
  row.note = note_of(pair, row.verdict, adjusted_p <= options.alpha);
  return row;
}

std::vector<std::string> other_context(const harness::KernelTable& a,
                                       const harness::KernelTable& b) {
  std::vector<std::string> lines;
  for (const auto& [key, value] : a.context) {
    if (key.ends_with("_seconds")) continue;  // How long it took is no condition.
    const auto found = b.context.find(key);
    if (found != b.context.end() && found->second != value) {
      lines.push_back(fmt::format("{}: {} / {}", key, value, found->second));
    }
  }
  return lines;
}

}  // namespace

int TableComparison::count(Verdict verdict) const {
  return static_cast<int>(std::count_if(rows.begin(), rows.end(),
                                        [&](const auto& row) { return row.verdict == verdict; }));
}

TableComparison compare_tables(const StoredKernels& a, const StoredKernels& b,
                               const VerdictOptions& options) {
  TableComparison comparison;
  comparison.other_context = other_context(a.table, b.table);
  auto pairs = pair_rows(a, b, comparison);
  // Both processes have their own.
  const double least = std::sqrt(2.0) * options.process_shift;
  comparison.shift = std::hypot(least, std::max(least, row_shift(times_of(pairs))));
  std::vector<double> p_values;
  for (auto& pair : pairs) {
    pair.time = with_shift(pair.time, comparison.shift);
    pair.cycles = with_shift(pair.cycles, comparison.shift);
    p_values.push_back(pair.time ? p_of_change(*pair.time, options) : 1);
  }
  const auto adjusted = harness::holm(p_values);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    comparison.rows.push_back(compare_row(pairs[i], adjusted[i], options));
  }
  return comparison;
}

}  // namespace pingjia::kernels

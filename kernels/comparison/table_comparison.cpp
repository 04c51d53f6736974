#include "kernels/comparison/table_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/stats/multiplicity.h"

namespace pingjia::kernels {

namespace {

using harness::KernelRow;

// A row measured on both sides, before the shift between the processes is known.
struct Pair {
  const SideRow* a = nullptr;
  const SideRow* b = nullptr;
  std::optional<LogRatio> time;  // Nothing: too few samples.
  std::optional<LogRatio> cycles;
};

std::optional<LogRatio> log_ratio(const std::optional<SideMedian>& a,
                                  const std::optional<SideMedian>& b) {
  if (!a || !b) return std::nullopt;
  return LogRatio{b->mean.value - a->mean.value, std::hypot(a->mean.error, b->mean.error),
                  gap(*a, *b)};
}

std::optional<LogRatio> with_shift(std::optional<LogRatio> ratio, double shift) {
  if (ratio) ratio->error = std::hypot(ratio->error, shift);
  return ratio;
}

std::string without_result(const SideRow& row, const char* side) {
  return fmt::format("{} in {}: {}", harness::kernel_status_name(row.status), side, row.reason);
}

// Sorts the rows of both sides into pairs, rows without a result, and rows of one side.
std::vector<Pair> pair_rows(const Side& a, const Side& b, TableComparison& comparison) {
  std::vector<Pair> pairs;
  for (const SideRow& before : a.rows) {
    const SideRow* after = b.find(before.name);
    if (after == nullptr) {
      comparison.only_a.push_back(before.name);
      continue;
    }
    if (before.status == KernelRow::kOk && after->status == KernelRow::kOk) {
      pairs.push_back({&before, after, log_ratio(before.time, after->time),
                       log_ratio(before.cycles, after->cycles)});
      continue;
    }
    const bool lost = before.status == KernelRow::kOk;
    comparison.broken |= lost && after->status == KernelRow::kFailed;
    comparison.not_compared.push_back(
        before.name + ": " + (lost ? without_result(*after, "B") : without_result(before, "A")));
  }
  for (const SideRow& row : b.rows) {
    if (a.find(row.name) == nullptr) comparison.only_b.push_back(row.name);
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

std::string clock_of(const SideRow& row) {
  return row.clock_hz ? fmt::format("{:.2f} GHz", *row.clock_hz / 1e9) : "unknown";
}

std::string note_of(const Pair& pair, Verdict verdict, bool time_changed,
                    const VerdictOptions& options) {
  if (!pair.time) return "fewer than 6 samples";
  const bool moved = std::abs(pair.time->value) >= options.minimum_effect;
  if (moved && pair.time->gap == 0) return "runs of A and B overlap";
  if (!time_changed || verdict == Verdict::kFast || verdict == Verdict::kSlow) return "";
  if (verdict == Verdict::kSame) {
    return fmt::format("only the clock changed: {} in A, {} in B", clock_of(*pair.a),
                       clock_of(*pair.b));
  }
  return "time changed, and cycles do not confirm it";
}

RowComparison compare_row(const Pair& pair, double adjusted_p, const VerdictOptions& options) {
  RowComparison row;
  row.name = pair.a->name;
  row.seconds_a = pair.a->seconds;
  row.seconds_b = pair.b->seconds;
  row.ratio = pair.time ? std::exp(pair.time->value) : row.seconds_b / row.seconds_a;
  row.interval = pair.time ? pair.time->ratio() : harness::Interval{0, INFINITY};
  if (pair.cycles) row.cycle_ratio = std::exp(pair.cycles->value);
  if (pair.time) row.verdict = judge(*pair.time, adjusted_p, pair.cycles, options);
  row.note = note_of(pair, row.verdict, adjusted_p <= options.alpha, options);
  return row;
}

void withdraw_changes(std::vector<RowComparison>& rows) {
  for (auto& row : rows) {
    if (row.verdict != Verdict::kFast && row.verdict != Verdict::kSlow) continue;
    row.verdict = Verdict::kUnclear;
    row.note = "other programs took the processors meanwhile";
  }
}

std::vector<std::string> other_context(const Side& a, const Side& b) {
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

TableComparison compare_sides(const Side& a, const Side& b, const VerdictOptions& options) {
  TableComparison comparison;
  comparison.other_context = other_context(a, b);
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
  comparison.under_load =
      std::max(a.competing_processors, b.competing_processors) > options.most_competing;
  if (comparison.under_load) withdraw_changes(comparison.rows);
  return comparison;
}

}  // namespace pingjia::kernels

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/summary/row_facts.h"

namespace pingjia::harness {

/// What a metric says of one row. Without a value, `maker` says why there is none.
struct Measured {
  std::optional<double> value;
  std::optional<double> low;
  std::optional<double> high;
  std::string maker;
};

// The measures that the rows of the table in summary.cpp name.

/// Right answers among those that could be marked: failures, unsupported requests and undecided
/// marks are in no denominator.
Measured measure_accuracy(const RowFacts& row);
Measured measure_outcome(const RowFacts& row, std::string_view outcome);
/// Answers in which an answer was found: right, wrong and undecided.
Measured measure_answered(const RowFacts& row);
Measured measure_total(const RowFacts& row);
/// Mean of the subjects' accuracies; no value with fewer than two subjects.
Measured measure_macro(const RowFacts& row);
/// avg@n, pass@k, cons@n and the half-width that more repeats would make smaller; nothing where no
/// sample was asked twice, and in the row of everything.
std::vector<Metric> measure_repeats(const RowFacts& row);

enum class Percentile { kP50, kP99 };
/// `distribution` is a member of Latencies, `clock` says from when to when.
Measured measure_latency(const RowFacts& row, Distribution Latencies::*distribution,
                         Percentile percentile, std::string_view clock);
Measured measure_input_tokens(const RowFacts& row);
Measured measure_output_tokens(const RowFacts& row);
/// No value where nobody counted, or nothing was answered.
Measured measure_output_per_answer(const RowFacts& row);
Measured measure_cache_hit_share(const RowFacts& row);
Measured measure_output_rate(const RowFacts& row);
Measured measure_request_rate(const RowFacts& row);
/// 1 / TPOT p50: how fast one answer is written while its reader waits.
Measured measure_rate_per_user(const RowFacts& row);
/// Output tokens over the machine time that the row held, by device. Of a machine without GPU,
/// by core.
Measured measure_rate_per_gpu(const RowFacts& row);
Measured measure_rate_per_core(const RowFacts& row);

/// Reserved cores or GPUs times the serving window, or the row's share of it.
Measured measure_core_hours(const RowFacts& row);
Measured measure_gpu_hours(const RowFacts& row);
/// Of the machine, open to close.
Measured measure_reserved_hours(const RowFacts& row);
Measured measure_cpu_seconds(const RowFacts& row);
/// Of the machine, first sent to last done, or the row's share of it.
Measured measure_serving_hours(const RowFacts& row);
/// The same over right answers, in millions; by GPU, that times the machine's GPUs. With a
/// bootstrap interval over samples.
Measured measure_machine_hours_per_correct(const RowFacts& row);
Measured measure_gpu_hours_per_correct(const RowFacts& row);

/// The ledger's other views: opened to closed; requests while active; the rest of the serving
/// window. Active and idle sum to gpu_hours, exactly.
Measured measure_reserved_gpu_hours(const RowFacts& row);
Measured measure_active_gpu_hours(const RowFacts& row);
Measured measure_idle_gpu_hours(const RowFacts& row);
Measured measure_utilisation(const RowFacts& row);
/// USD per hour of the whole machine. All costs by the hour are proportional to it.
Measured measure_machine_rate(const RowFacts& row);
/// $ per correct answer at the ends of the band of rates.
Measured measure_cost_at_low_rate(const RowFacts& row);
Measured measure_cost_at_high_rate(const RowFacts& row);
Measured measure_active_cost(const RowFacts& row);
Measured measure_reserved_cost(const RowFacts& row);
Measured measure_double_charged_input(const RowFacts& row);
Measured measure_double_charged_output(const RowFacts& row);
/// How far the engine's step times miss the machine's busy time.
Measured measure_closing_error(const RowFacts& row);

/// Of the row's own windows; loading is in none.
Measured measure_energy(const RowFacts& row);
Measured measure_energy_above_idle(const RowFacts& row);
Measured measure_power(const RowFacts& row);
Measured measure_energy_per_output_token(const RowFacts& row);
Measured measure_energy_per_correct(const RowFacts& row);
/// Whether the figures come from a test double.
bool has_fake_energy(const RowFacts& row);
/// What is odd about them: see flag::.
std::vector<std::string> energy_flags(const RowFacts& row);

/// Whether the row is billed by the machine's hour.
bool by_the_hour(const RowFacts& row);
/// Why the cost of the row is unknown; nothing where it is known well enough.
std::optional<std::string> why_no_cost(const RowFacts& row);
/// Who says what it cost, for a maker.
std::string cost_basis(const RowFacts& row);

/// Every attempt, retried and failed ones too.
Measured measure_cost(const RowFacts& row);
/// What the provider says all of it cost; nothing unless it says so of every billed attempt.
Measured measure_reported_cost(const RowFacts& row);
/// Input cost over input tokens. By the hour: the share of step time spent on input.
Measured measure_input_price(const RowFacts& row);
Measured measure_output_price(const RowFacts& row);
Measured measure_blended_price(const RowFacts& row);
/// With a bootstrap interval over samples.
Measured measure_cost_per_correct(const RowFacts& row);
/// Every attempt's cost over the requests scored, whatever became of them; likewise.
Measured measure_cost_per_task(const RowFacts& row);

/// What the cost went into: see Spending. Those that are known sum to it.
Measured measure_first_tries(const RowFacts& row);
Measured measure_reasoning(const RowFacts& row);
Measured measure_retries(const RowFacts& row);
Measured measure_failures(const RowFacts& row);
Measured measure_idle_cost(const RowFacts& row);
/// Beside the sum: what cached input would have cost more, or less, as fresh input.
Measured measure_cache_savings(const RowFacts& row);

}  // namespace pingjia::harness

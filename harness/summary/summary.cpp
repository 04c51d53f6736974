#include "harness/summary/summary.h"

#include <array>

#include "harness/summary/all_pairs.h"
#include "harness/summary/measures.h"
#include "harness/summary/notes.h"

namespace pingjia::harness {

namespace {

/// One metric: a new one is one more row below.
struct MetricRow {
  std::string_view tag;
  std::string_view name;
  std::string_view unit;
  Better better;
  Measured (*measure)(const RowFacts&);
  std::string_view help;
};

using enum Better;
using enum Percentile;

template <const std::string_view& kOutcome>
Measured count_of(const RowFacts& row) {
  return measure_outcome(row, kOutcome);
}

/// A way to time an answer, and what the clock saw.
struct Timing {
  Distribution Latencies::*distribution;
  std::string_view clock;
};
constexpr Timing kTtft{&Latencies::ttft, "due to first text"};
constexpr Timing kTtftSent{&Latencies::ttft_sent, "sent to first text"};
constexpr Timing kTpot{&Latencies::tpot, "(last - first text)/(output tokens - 1)"};
constexpr Timing kItl{&Latencies::itl, "gaps between pieces of text, pooled"};
constexpr Timing kE2el{&Latencies::e2el, "due to done"};
constexpr Timing kLag{&Latencies::lag, "due to sent"};

template <const Timing& kTiming, Percentile kPercentile>
Measured time_of(const RowFacts& row) {
  return measure_latency(row, kTiming.distribution, kPercentile, kTiming.clock);
}

constexpr std::string_view kSame99 = "the same, 99th percentile";

// clang-format off
constexpr auto kMetrics = std::to_array<MetricRow>({
  {"accuracy", "Accuracy", "fraction", kHigher, measure_accuracy,
   "right over right, wrong, parse_failed, truncated, think_budget_exhausted and refused"},
  {"accuracy_macro", "Accuracy by subject", "fraction", kHigher, measure_macro,
   "mean of the subjects' accuracies, where a suite has subjects; accuracy weighs questions"},
  {"right", "Right", "count", kHigher, count_of<outcome::kRight>, "answers marked right"},
  {"wrong", "Wrong", "count", kLower, count_of<outcome::kWrong>, "answers marked wrong"},
  {"undecided", "Undecided", "count", kLower, count_of<outcome::kUndecided>,
   "the scorer could not tell; in no denominator"},
  {"parse_failed", "Parse failed", "count", kLower, count_of<outcome::kParseFailed>,
   "no answer was found in the text"},
  {"truncated", "Truncated", "count", kLower, count_of<outcome::kTruncated>,
   "cut off by max_tokens before an answer was found"},
  {"think_budget_exhausted", "Think budget exhausted", "count", kLower,
   count_of<outcome::kThinkBudget>, "max_tokens went into thinking; no answer was begun"},
  {"refused", "Refused", "count", kLower, count_of<outcome::kRefused>,
   "the model or its filter declined"},
  {"failed", "Failed", "count", kLower, count_of<outcome::kFailed>,
   "requests without an answer; in no denominator"},
  {"unsupported", "Unsupported", "count", kNeither, count_of<outcome::kUnsupported>,
   "the system cannot do what was asked; in no denominator"},
  {"answered", "Answered", "count", kHigher, measure_answered,
   "an answer was found: right, wrong or undecided"},
  {"total", "Total", "count", kNeither, measure_total, "requests scored: all of the above"},

  {"ttft_p50", "TTFT p50", "s", kLower, time_of<kTtft, kP50>,
   "time to first text from when it was due"},
  {"ttft_p99", "TTFT p99", "s", kLower, time_of<kTtft, kP99>, kSame99},
  {"ttft_sent_p50", "TTFT from sent p50", "s", kLower, time_of<kTtftSent, kP50>,
   "time to first text from when it left"},
  {"ttft_sent_p99", "TTFT from sent p99", "s", kLower, time_of<kTtftSent, kP99>, kSame99},
  {"tpot_p50", "TPOT p50", "s", kLower, time_of<kTpot, kP50>,
   "time per output token after the first, of streamed answers"},
  {"tpot_p99", "TPOT p99", "s", kLower, time_of<kTpot, kP99>, kSame99},
  {"itl_p50", "ITL p50", "s", kLower, time_of<kItl, kP50>, "gap between two pieces of text"},
  {"itl_p99", "ITL p99", "s", kLower, time_of<kItl, kP99>, kSame99},
  {"e2el_p50", "E2EL p50", "s", kLower, time_of<kE2el, kP50>,
   "whole answer from when it was due"},
  {"e2el_p99", "E2EL p99", "s", kLower, time_of<kE2el, kP99>, kSame99},
  {"schedule_lag_p99", "Schedule lag p99", "s", kLower, time_of<kLag, kP99>,
   "how late the client sent"},

  {"input_tokens", "Input tokens", "count", kNeither, measure_input_tokens,
   "of every attempt, cached ones included"},
  {"cache_hit_share", "Input read from cache", "fraction", kNeither, measure_cache_hit_share,
   "cached input tokens over all input tokens"},
  {"output_tokens", "Output tokens", "count", kNeither, measure_output_tokens,
   "of every attempt, reasoning included"},
  {"output_tokens_per_answer", "Output tokens per answer", "tokens", kNeither,
   measure_output_per_answer, "output tokens of every attempt over answers, reasoning included"},
  {"output_tokens_per_s", "Output tokens/s", "tokens/s", kHigher, measure_output_rate,
   "over first sent to last done"},
  {"output_tokens_per_s_per_user", "Output tokens/s per user", "tokens/s", kHigher,
   measure_rate_per_user, "1 / TPOT p50: the speed of one stream, after its first token"},
  {"output_tokens_per_s_per_gpu", "Output tokens/s per GPU", "tokens/s", kHigher,
   measure_rate_per_gpu, "over reserved GPUs x serving window, the row's share of it"},
  {"output_tokens_per_s_per_core", "Output tokens/s per core", "tokens/s", kHigher,
   measure_rate_per_core, "the same by core, of a machine without GPU"},
  {"requests_per_s", "Requests/s", "1/s", kHigher, measure_request_rate,
   "answers over first sent to last done"},

  {"cpu_hours", "CPU-hours", "hours", kLower, measure_core_hours,
   "reserved cores x serving window"},
  {"gpu_hours", "GPU-hours", "hours", kLower, measure_gpu_hours,
   "reserved GPUs x serving window"},
  {"gpu_hours_reserved", "GPU-hours reserved", "hours", kLower, measure_reserved_gpu_hours,
   "reserved GPUs, opened to closed"},
  {"gpu_hours_active", "GPU-hours active", "hours", kLower, measure_active_gpu_hours,
   "of requests while they were active; with idle ones it sums to GPU-hours"},
  {"gpu_hours_idle", "GPU-hours idle", "hours", kLower, measure_idle_gpu_hours,
   "serving window without a request"},
  {"utilisation", "Utilisation", "fraction", kHigher, measure_utilisation,
   "of the serving window, with at least one request"},
  {"serving_hours", "Serving hours", "hours", kLower, measure_serving_hours,
   "of the machine, first sent to last done, the row's share of it"},
  {"machine_hours_per_million_correct", "Machine-hours per 1M correct", "hours", kLower,
   measure_machine_hours_per_correct, "serving hours over right answers, times a million"},
  {"gpu_hours_per_million_correct", "GPU-hours per 1M correct", "hours", kLower,
   measure_gpu_hours_per_correct, "GPUs x serving hours over right answers, times a million"},
  {"reserved_hours", "Reserved hours", "hours", kLower, measure_reserved_hours,
   "of the machine, opened to closed"},
  {"cpu_seconds", "CPU seconds", "s", kLower, measure_cpu_seconds, "used by child processes"},

  {"cost", "Cost", "USD", kLower, measure_cost,
   "of every attempt, retried and failed ones too"},
  {"cost_first_tries", "Cost of first tries", "USD", kNeither, measure_first_tries,
   "of answers at the first attempt, less reasoning and idle time"},
  {"cost_reasoning", "Cost of reasoning", "USD", kNeither, measure_reasoning,
   "of the reasoning tokens of the same answers"},
  {"cost_retries", "Cost of retries", "USD", kLower, measure_retries,
   "of answers at a later attempt, less idle time"},
  {"cost_failures", "Cost of failures", "USD", kLower, measure_failures,
   "of attempts without an answer, less idle time"},
  {"cost_idle", "Cost of idle time", "USD", kLower, measure_idle_cost,
   "of the machine in the serving window without a request; the five sum to the cost"},
  {"cache_savings", "Saved by caching", "USD", kHigher, measure_cache_savings,
   "cached input at the price of fresh input, less what it cost"},
  {"reported_cost", "Reported cost", "USD", kLower, measure_reported_cost,
   "what the provider says it cost; never added to the cost"},
  {"usd_per_mtok_input", "$/Mtok input", "USD/Mtok", kLower, measure_input_price,
   "input cost over input tokens"},
  {"usd_per_mtok_output", "$/Mtok output", "USD/Mtok", kLower, measure_output_price,
   "output cost over output tokens"},
  {"usd_per_mtok_blended", "$/Mtok blended", "USD/Mtok", kLower, measure_blended_price,
   "cost over all tokens, as mixed in this run"},
  {"usd_per_correct", "$ per correct answer", "USD", kLower, measure_cost_per_correct,
   "cost of every attempt over right answers"},
  {"usd_per_task", "$ per task", "USD", kLower, measure_cost_per_task,
   "cost of every attempt over questions asked"},
  {"machine_rate", "$ per machine hour", "USD/h", kLower, measure_machine_rate,
   "every cost by the hour is proportional to it"},
  {"usd_per_correct_low_rate", "$ per correct, cheapest offer", "USD", kLower,
   measure_cost_at_low_rate, "at the least rate of the band"},
  {"usd_per_correct_high_rate", "$ per correct, dearest offer", "USD", kLower,
   measure_cost_at_high_rate, "at the highest rate of the band"},
  {"cost_active", "Cost, active", "USD", kLower, measure_active_cost,
   "of the machine while it had a request"},
  {"cost_reserved", "Cost, reserved", "USD", kLower, measure_reserved_cost,
   "of the machine from opened to closed"},
  {"usd_per_mtok_input_double_charged", "$/Mtok input, double charged", "USD/Mtok", kLower,
   measure_double_charged_input, "the whole machine over input tokens alone: does not add up"},
  {"usd_per_mtok_output_double_charged", "$/Mtok output, double charged", "USD/Mtok", kLower,
   measure_double_charged_output, "the whole machine over output tokens alone: does not add up"},
  {"attribution_closing_error", "Attribution closing error", "fraction", kNeither,
   measure_closing_error, "engine's prefill and decode times over the machine's busy time, less 1"},

  {"energy", "Energy", "J", kLower, measure_energy, "of the machine while it served the row"},
  {"energy_above_idle", "Energy above idle", "J", kLower, measure_energy_above_idle,
   "less what the same devices use idle"},
  {"average_power", "Average power", "W", kLower, measure_power, "energy over its window"},
  {"energy_per_output_token", "J per output token", "J", kLower,
   measure_energy_per_output_token, "energy over output tokens, input included"},
  {"energy_per_correct", "J per correct answer", "J", kLower, measure_energy_per_correct,
   "energy over right answers"},
});
// clang-format on

SummaryRow row_of(const RowFacts& facts) {
  SummaryRow row;
  row.system = facts.system->name;
  row.suite = facts.suite;
  row.test_double = facts.system->facts.test_double || has_fake_energy(facts);
  row.price_basis = price_basis(facts.system->pricing);
  row.metrics.reserve(kMetrics.size());
  for (const auto& metric : kMetrics) {
    Measured measured = metric.measure(facts);
    row.metrics.push_back({std::string(metric.tag), std::string(metric.name),
                           std::string(metric.unit), metric.better, measured.value, measured.low,
                           measured.high, std::move(measured.maker)});
  }
  for (auto& metric : measure_repeats(facts)) row.metrics.push_back(std::move(metric));
  row.notes = notes_of_row(facts);
  return row;
}

// Of several systems, those whose cost per correct answer is known but has no interval: a rank by
// it would be an accident.
std::vector<std::string> too_few_to_rank(const Summary& summary) {
  std::vector<std::string> reasons;
  std::size_t systems = 0;
  for (const auto& row : summary.rows) {
    if (row.suite != "*" || row.test_double) continue;
    ++systems;
    const Metric* cost = find_metric(row, "usd_per_correct");
    if (cost == nullptr || !cost->value || cost->low || cost->high) continue;
    reasons.push_back("no ranking by cost: " + row.system +
                      " has too few right answers for an interval");
  }
  return systems > 1 ? reasons : std::vector<std::string>();
}

}  // namespace

SampleClusters clusters_of(const Suite& suite) {
  SampleClusters clusters;
  for (const auto& sample : suite.samples) {
    if (!sample.cluster.empty()) clusters.emplace(sample.id, sample.cluster);
  }
  return clusters;
}

SampleClusters subjects_of(const Suite& suite) {
  SampleClusters subjects;
  for (const auto& sample : suite.samples) {
    if (!sample.subject.empty()) subjects.emplace(sample.id, sample.subject);
  }
  return subjects;
}

Summary summarize(const SummaryInput& input) {
  const std::vector<RowFacts> facts = gather_rows(input);
  Summary summary;
  summary.run = input.run;
  for (const auto& row : facts) summary.rows.push_back(row_of(row));
  summary.no_ranking = why_no_ranking(facts);
  for (auto& reason : too_few_to_rank(summary)) summary.no_ranking.push_back(std::move(reason));
  summary.notes = summary.no_ranking;
  for (auto& gap : mode_gaps(facts)) summary.notes.push_back(std::move(gap));
  summary.comparisons = compare_all(input);
  summary.parity = parity_marks(input, summary.rows);
  return summary;
}

std::vector<std::optional<double>> record_costs(const SummaryInput& input) {
  std::vector<std::optional<double>> costs(input.records.size());
  for (const auto& system : input.systems) {
    std::vector<const Record*> records;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < input.records.size(); ++i) {
      if (input.records[i].key.system != system.name) continue;
      records.push_back(&input.records[i]);
      places.push_back(i);
    }
    const SystemCost cost = cost_of_system(records, system.pricing);
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (cost.attempts[i].known()) costs[places[i]] = cost.attempts[i].total().usd();
    }
  }
  return costs;
}

std::vector<MetricHelp> list_metrics() {
  std::vector<MetricHelp> list;
  for (const auto& metric : kMetrics) {
    list.push_back({metric.tag, metric.name, metric.unit, metric.help});
  }
  return list;
}

std::vector<MetricHelp> list_repeat_metrics() {
  return {{"avg_at_n", "avg@n", "fraction", "with repeats: mean over samples of their share right"},
          {"repeat_half_width", "Half-width by repeats", "fraction",
           "of avg@n with these samples fixed: what more repeats make smaller"},
          {"pass_at_K", "pass@K", "fraction",
           "with repeats: chance that one of K answers is right, unbiased; K = 2, 4, 8 ..."},
          {"cons_at_n", "cons@n", "fraction", "with repeats: the most frequent answer is right"}};
}

}  // namespace pingjia::harness

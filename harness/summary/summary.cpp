#include "harness/summary/summary.h"

#include <array>

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

using Row = const RowFacts&;
using enum Percentile;
constexpr auto kTtft = &Latencies::ttft;
constexpr auto kTtftSent = &Latencies::ttft_sent;
constexpr auto kTpot = &Latencies::tpot;
constexpr auto kItl = &Latencies::itl;
constexpr auto kE2el = &Latencies::e2el;
constexpr auto kLag = &Latencies::lag;
constexpr std::string_view kTtftClock = "due to first text";
constexpr std::string_view kSentClock = "sent to first text";
constexpr std::string_view kTpotClock = "(last - first text)/(output tokens - 1)";
constexpr std::string_view kItlClock = "gaps between pieces of text, pooled";
constexpr std::string_view kE2elClock = "due to done";
constexpr std::string_view kLagClock = "due to sent";

// clang-format off
constexpr auto kMetrics = std::to_array<MetricRow>({
  {"accuracy", "Accuracy", "fraction", Better::kHigher, measure_accuracy,
   "right over right, wrong, parse_failed, truncated and refused"},
  {"right", "Right", "count", Better::kHigher, [](Row row) { return measure_outcome(row, outcome::kRight); }, "answers marked right"},
  {"wrong", "Wrong", "count", Better::kLower, [](Row row) { return measure_outcome(row, outcome::kWrong); }, "answers marked wrong"},
  {"undecided", "Undecided", "count", Better::kLower, [](Row row) { return measure_outcome(row, outcome::kUndecided); }, "the scorer could not tell; in no denominator"},
  {"parse_failed", "Parse failed", "count", Better::kLower, [](Row row) { return measure_outcome(row, outcome::kParseFailed); }, "no answer was found in the text"},
  {"truncated", "Truncated", "count", Better::kLower, [](Row row) { return measure_outcome(row, outcome::kTruncated); }, "cut off by max_tokens before an answer was found"},
  {"refused", "Refused", "count", Better::kLower, [](Row row) { return measure_outcome(row, outcome::kRefused); }, "the model or its filter declined"},
  {"failed", "Failed", "count", Better::kLower, [](Row row) { return measure_outcome(row, outcome::kFailed); }, "requests without an answer; in no denominator"},
  {"unsupported", "Unsupported", "count", Better::kNeither, [](Row row) { return measure_outcome(row, outcome::kUnsupported); }, "the system cannot do what was asked; in no denominator"},
  {"answered", "Answered", "count", Better::kHigher, measure_answered, "an answer was found: right, wrong or undecided"},
  {"total", "Total", "count", Better::kNeither, measure_total, "requests scored: all of the above"},
  {"ttft_p50", "TTFT p50", "s", Better::kLower, [](Row row) { return measure_latency(row, kTtft, kP50, kTtftClock); }, "time to first text from when it was due"},
  {"ttft_p99", "TTFT p99", "s", Better::kLower, [](Row row) { return measure_latency(row, kTtft, kP99, kTtftClock); }, "the same, 99th percentile"},
  {"ttft_sent_p50", "TTFT from sent p50", "s", Better::kLower, [](Row row) { return measure_latency(row, kTtftSent, kP50, kSentClock); }, "time to first text from when it left"},
  {"ttft_sent_p99", "TTFT from sent p99", "s", Better::kLower, [](Row row) { return measure_latency(row, kTtftSent, kP99, kSentClock); }, "the same, 99th percentile"},
  {"tpot_p50", "TPOT p50", "s", Better::kLower, [](Row row) { return measure_latency(row, kTpot, kP50, kTpotClock); }, "time per output token after the first, of streamed answers"},
  {"tpot_p99", "TPOT p99", "s", Better::kLower, [](Row row) { return measure_latency(row, kTpot, kP99, kTpotClock); }, "the same, 99th percentile"},
  {"itl_p50", "ITL p50", "s", Better::kLower, [](Row row) { return measure_latency(row, kItl, kP50, kItlClock); }, "gap between two pieces of text"},
  {"itl_p99", "ITL p99", "s", Better::kLower, [](Row row) { return measure_latency(row, kItl, kP99, kItlClock); }, "the same, 99th percentile"},
  {"e2el_p50", "E2EL p50", "s", Better::kLower, [](Row row) { return measure_latency(row, kE2el, kP50, kE2elClock); }, "whole answer from when it was due"},
  {"e2el_p99", "E2EL p99", "s", Better::kLower, [](Row row) { return measure_latency(row, kE2el, kP99, kE2elClock); }, "the same, 99th percentile"},
  {"schedule_lag_p99", "Schedule lag p99", "s", Better::kLower, [](Row row) { return measure_latency(row, kLag, kP99, kLagClock); }, "how late the client sent"},
  {"input_tokens", "Input tokens", "count", Better::kNeither, measure_input_tokens, "of every attempt, cached ones included"},
  {"output_tokens", "Output tokens", "count", Better::kNeither, measure_output_tokens, "of every attempt, reasoning included"},
  {"output_tokens_per_s", "Output tokens/s", "tokens/s", Better::kHigher, measure_output_rate, "over first sent to last done"},
  {"requests_per_s", "Requests/s", "1/s", Better::kHigher, measure_request_rate, "answers over first sent to last done"},
  {"cpu_hours", "CPU-hours", "hours", Better::kLower, measure_core_hours, "reserved cores x serving window"},
  {"gpu_hours", "GPU-hours", "hours", Better::kLower, measure_gpu_hours, "reserved GPUs x serving window"},
  {"reserved_hours", "Reserved hours", "hours", Better::kLower, measure_reserved_hours, "of the machine, opened to closed"},
  {"cpu_seconds", "CPU seconds", "s", Better::kLower, measure_cpu_seconds, "used by child processes"},
  {"cost", "Cost", "USD", Better::kLower, measure_cost, "of every attempt, retried and failed ones too"},
  {"usd_per_mtok_input", "$/Mtok input", "USD/Mtok", Better::kLower, measure_input_price, "input cost over input tokens"},
  {"usd_per_mtok_output", "$/Mtok output", "USD/Mtok", Better::kLower, measure_output_price, "output cost over output tokens"},
  {"usd_per_mtok_blended", "$/Mtok blended", "USD/Mtok", Better::kLower, measure_blended_price, "cost over all tokens, as mixed in this run"},
  {"usd_per_correct", "$ per correct answer", "USD", Better::kLower, measure_cost_per_correct, "cost of every attempt over right answers"},
  {"energy", "Energy", "J", Better::kLower, measure_energy, "of the machine"},
});
// clang-format on

SummaryRow row_of(const RowFacts& facts) {
  SummaryRow row;
  row.system = facts.system->name;
  row.suite = facts.suite;
  row.test_double = facts.system->facts.test_double;
  row.price_basis = price_basis(facts.system->pricing);
  row.metrics.reserve(kMetrics.size());
  for (const auto& metric : kMetrics) {
    Measured measured = metric.measure(facts);
    row.metrics.push_back({std::string(metric.tag), std::string(metric.name),
                           std::string(metric.unit), metric.better, measured.value, measured.low,
                           measured.high, std::move(measured.maker)});
  }
  row.notes = notes_of_row(facts);
  return row;
}

}  // namespace

SampleClusters clusters_of(const Suite& suite) {
  SampleClusters clusters;
  for (const auto& sample : suite.samples) {
    if (!sample.cluster.empty()) clusters.emplace(sample.id, sample.cluster);
  }
  return clusters;
}

Summary summarize(const SummaryInput& input) {
  const std::vector<RowFacts> facts = gather_rows(input);
  Summary summary;
  summary.run = input.run;
  for (const auto& row : facts) summary.rows.push_back(row_of(row));
  summary.notes = notes_of_run(facts);
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

}  // namespace pingjia::harness

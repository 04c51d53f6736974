#include <algorithm>
#include <cmath>
#include <map>

#include "harness/base/rng.h"
#include "harness/summary/all_pairs.h"
#include "tests/reports/fixture_plan.h"

namespace pingjia::reports::fixture {

using namespace harness;

namespace {

Metric metric(const std::string& tag, const std::string& unit, Better better,
              std::optional<double> value, const std::string& maker) {
  return {tag, tag, unit, better, value, std::nullopt, std::nullopt, maker};
}

std::optional<double> quantile(std::vector<double> values, double share, std::size_t least) {
  if (values.size() < std::max<std::size_t>(least, 1)) return std::nullopt;
  std::sort(values.begin(), values.end());
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  return values[std::max<std::size_t>(rank, 1) - 1];
}

}  // namespace

void count(const SampleView& sample, Tally& tally) {
  ++tally.total;
  ++tally.outcomes[sample.outcome];
  const auto& timeline = sample.record.completion.timeline;
  if (!timeline.first_token) return;
  const auto tokens = static_cast<double>(*sample.record.completion.usage.output);
  tally.tokens += tokens;
  tally.cost += sample.cost_usd.value_or(0);
  if (sample.record.request.mode == Mode::kLoglikelihood) return;
  tally.ttft.push_back(seconds(*timeline.first_token - timeline.due));
  tally.tpot.push_back(seconds(*timeline.last_token - *timeline.first_token) / (tokens - 1));
}

namespace {

Metric accuracy_of(double right, double n) {
  Metric accuracy = metric("accuracy", "fraction", Better::kHigher, std::nullopt, "nothing asked");
  if (n == 0) return accuracy;
  const double z = 1.959964;
  const double p = right / n;
  const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  accuracy.value = p;
  accuracy.low = centre - half;
  accuracy.high = centre + half;
  accuracy.maker = "Wilson 95 %";
  return accuracy;
}

void add_speed(const Tally& tally, std::vector<Metric>& metrics) {
  const std::string few = "fewer than 662 samples";
  const auto add = [&](const std::string& name, const std::vector<double>& values) {
    const std::string none = values.empty() ? "no stream was timed" : "client clock";
    metrics.push_back(metric(name + "_p50", "s", Better::kLower, quantile(values, 0.5, 1), none));
    const auto p99 = quantile(values, 0.99, 662);
    metrics.push_back(metric(name + "_p99", "s", Better::kLower, p99,
                             values.empty() ? none : (p99 ? "client clock" : few)));
  };
  add("ttft", tally.ttft);
  add("tpot", tally.tpot);
  const bool any = tally.tokens > 0;
  const int answered = tally.total - tally.outcomes_of("failed");
  metrics.push_back(metric("output_tokens_per_answer", "tokens", Better::kNeither,
                           any ? std::optional(tally.tokens / answered) : std::nullopt,
                           any ? "server usage" : "no output"));
  metrics.push_back(metric("output_tokens_per_s", "tokens/s", Better::kHigher,
                           any ? std::optional(tally.tokens / (0.01 * tally.total)) : std::nullopt,
                           any ? "server usage over the serving window" : "no output"));
}

void add_cost(const Tally& tally, const SystemPlan& system, std::vector<Metric>& metrics) {
  const bool any = tally.tokens > 0 && system.basis != "unknown";
  const auto when = [&](double value) { return any ? std::optional(value) : std::nullopt; };
  const std::string maker = system.basis == "unknown" ? "no price row for this model"
                            : any                     ? system.source
                                                      : "no tokens";
  const auto add = [&](const std::string& tag, const std::string& unit,
                       std::optional<double> value) {
    metrics.push_back(metric(tag, unit, Better::kLower, value, maker));
  };
  const bool local = system.basis == "machine";
  metrics.push_back(metric("cpu_hours", "hours", Better::kLower,
                           local ? std::optional(2 * 0.01 * tally.total / 3600) : std::nullopt,
                           local ? "cores x serving window" : "not ours to measure"));
  add("usd_per_mtok_input", "USD/Mtok", when(system.usd_input));
  add("usd_per_mtok_output", "USD/Mtok", when(system.usd_output));
  add("usd_per_mtok_blended", "USD/Mtok", when(0.8 * system.usd_input + 0.2 * system.usd_output));
  const auto right = tally.outcomes.find("right");
  const double n = right == tally.outcomes.end() ? 0 : right->second;
  Metric each =
      metric("usd_per_correct", "USD", Better::kLower, n > 0 ? when(tally.cost / n) : std::nullopt,
             n > 0 ? maker : "no right answer");
  if (each.value) {
    const double spread = 1.96 * std::sqrt((1 - n / tally.total) / n);
    each.low = *each.value * (1 - spread);
    each.high = *each.value * (1 + spread);
  }
  metrics.push_back(each);
  Metric task = metric("usd_per_task", "USD", Better::kLower,
                       tally.total > 0 ? when(tally.cost / tally.total) : std::nullopt, maker);
  if (task.value) {
    task.low = *task.value * 0.98;
    task.high = *task.value * 1.02;
  }
  metrics.push_back(task);
  add("cost", "USD", when(tally.cost));
}

// A made-up division that sums to the cost.
void add_spending(const SystemPlan& system, std::vector<Metric>& metrics) {
  const Metric whole = metrics.back();
  const bool local = system.basis == "machine";
  const double idle = local ? 0.14 : 0;
  const double reasoning = system.reasons ? 0.22 : 0;
  const double failures = system.failure_rate > 0 ? 0.03 : 0;
  const auto add = [&](const char* tag, std::optional<double> share, const std::string& why = "") {
    const bool known = whole.value && share;
    metrics.push_back(metric(tag, "USD", Better::kNeither,
                             known ? std::optional(*whole.value * *share) : std::nullopt,
                             whole.value && !share ? why : whole.maker));
  };
  add("cost_first_tries", 1 - idle - reasoning - failures - 0.05);
  add("cost_reasoning", system.reasons ? std::optional(reasoning) : std::nullopt,
      "unknown: the answers do not say how much of their output was reasoning");
  add("cost_retries", 0.05);
  add("cost_failures", failures);
  add("cost_idle", idle);
  add("cache_savings", system.caches ? std::optional(0.18) : std::nullopt,
      local ? "billed by the hour: no price of cached input" : "unknown: no price of cached input");
}

void add_frontier(const Tally& tally, const SystemPlan& system, std::vector<Metric>& metrics) {
  const auto tpot = quantile(tally.tpot, 0.5, 1);
  Metric user = metric("output_tokens_per_s_per_user", "tokens/s", Better::kHigher, std::nullopt,
                       tpot ? "1 / TPOT p50: client clock" : "no stream was timed");
  if (tpot) {
    user.value = 1 / *tpot;
    user.low = 0.97 / *tpot;
    user.high = 1.03 / *tpot;
  }
  metrics.push_back(user);
  const bool known = system.basis == "machine" && tally.tokens > 0;
  const double held = kPeriod * tally.total;
  const auto by = [&](const char* tag, int devices) {
    metrics.push_back(
        metric(tag, "tokens/s", Better::kHigher,
               known && devices > 0 ? std::optional(tally.tokens / held / devices) : std::nullopt,
               known ? "over the serving window" : "unknown: no hardware is given"));
  };
  by("output_tokens_per_s_per_gpu", system.gpus);
  by("output_tokens_per_s_per_core", system.gpus > 0 ? 0 : 2);
  const double rate = kUsdPerHour * (system.gpus > 0 ? 40 * system.gpus : 1);
  metrics.push_back(
      metric("usd_per_mtok_output_double_charged", "USD/Mtok", Better::kLower,
             known ? std::optional(rate / 3600 * held / tally.tokens * 1e6) : std::nullopt,
             known ? system.source : "not billed by the hour"));
}

// Of a suite: power is measured suite by suite.
void add_power(const SystemPlan& system, std::vector<Metric>& metrics) {
  const bool metered = system.gpus > 0;
  metrics.push_back(metric("average_power", "W", Better::kLower,
                           metered ? std::optional(310.0 * system.gpus) : std::nullopt,
                           metered ? "fixture meter" : "unknown: no meter was asked"));
}

}  // namespace

SummaryRow row_of(const SystemPlan& system, const std::string& suite, const Tally& tally) {
  SummaryRow row;
  row.system = system.name;
  row.suite = suite;
  row.price_basis = system.basis;
  const auto outcome = [&](const std::string& name) { return tally.outcomes_of(name); };
  const auto add = [&](const std::string& tag, int value) {
    row.metrics.push_back(metric(tag, "count", Better::kNeither, value, "counted"));
  };
  add("total", tally.total);
  row.metrics.push_back(accuracy_of(outcome("right"), tally.total - outcome("failed")));
  add("answered", tally.total - outcome("failed"));
  for (const auto* name : {"right", "wrong", "undecided", "parse_failed", "truncated", "refused",
                           "failed", "unsupported"}) {
    add(name, outcome(name));
  }
  add_speed(tally, row.metrics);
  add_cost(tally, system, row.metrics);
  add_spending(system, row.metrics);
  add_frontier(tally, system, row.metrics);
  add_power(system, row.metrics);
  return row;
}

namespace {

// Marks and costs of one system as the summary pairs them.
struct Compared {
  std::vector<Score> scores;
  Side side;
};

Compared compared_of(const RunView& run, const std::string& system) {
  Compared compared;
  compared.scores.reserve(run.samples.size());
  compared.side.attempts.reserve(run.samples.size());
  for (const auto& sample : run.samples) {
    const RecordKey& key = sample.record.key;
    if (key.system != system) continue;
    Score& score = compared.scores.emplace_back();
    score.key = key;
    score.outcome = sample.outcome;
    AttemptFacts attempt;
    attempt.record = &sample.record;
    attempt.score = &score;
    attempt.unit = hash_name(key.suite + "|" + key.sample);
    compared.side.attempts.push_back(attempt);
    Answer& answer = compared.side.answers[{key.suite, key.sample, key.repeat}];
    answer.last = &compared.side.attempts.back();
    answer.cost = Money(static_cast<__int128>(1e12 * sample.cost_usd.value_or(0)));
  }
  return compared;
}

}  // namespace

// As summarize() makes them.
void add_comparisons(const std::vector<SystemPlan>& systems, RunView& run) {
  std::vector<Compared> compared;
  compared.reserve(systems.size());
  std::vector<NamedSide> sides;
  for (const auto& system : systems) {
    compared.push_back(compared_of(run, system.name));
    sides.push_back({system.name, &compared.back().side});
    if (system.basis != "unknown") continue;
    for (auto& [key, answer] : compared.back().side.answers) answer.cost_known = false;
  }
  run.summary.comparisons = compare_all(sides, 11);
}

namespace {

// By the interval of the difference, which one test of the margin agrees with.
std::string verdict_of_interval(double low, double high) {
  if (low > -kParityMargin) return "not worse";
  return high < -kParityMargin ? "worse" : "undecided";
}

ParityMark mark_against(const PairRow& row, bool reference_first) {
  ParityMark mark{reference_first ? row.b : row.a, "", "", {}};
  Metric difference = *find_metric(row.metrics, "difference");
  Metric ratio = *find_metric(row.metrics, "cost_ratio");
  if (reference_first) {
    for (auto* end : {&difference.value, &difference.low, &difference.high}) {
      if (*end) *end = -**end;
    }
    std::swap(difference.low, difference.high);
    for (auto* end : {&ratio.value, &ratio.low, &ratio.high}) {
      if (*end) *end = 1 / **end;
    }
    std::swap(ratio.low, ratio.high);
  }
  mark.verdict = verdict_of_interval(difference.low.value_or(-1), difference.high.value_or(1));
  mark.metrics = {difference, ratio, *find_metric(row.metrics, "paired")};
  return mark;
}

}  // namespace

void add_parity(RunView& run) {
  double best = -1;
  ParityMarks& parity = run.summary.parity;
  parity.margin = kParityMargin;
  for (const auto& row : run.summary.rows) {
    const Metric* accuracy = find_metric(row, "accuracy");
    if (row.suite != "*" || !accuracy->value || *accuracy->value <= best) continue;
    best = *accuracy->value;
    parity.reference = row.system;
  }
  for (const auto& row : run.summary.comparisons) {
    if (row.a == parity.reference) parity.marks.push_back(mark_against(row, true));
    if (row.b == parity.reference) parity.marks.push_back(mark_against(row, false));
  }
}

}  // namespace pingjia::reports::fixture

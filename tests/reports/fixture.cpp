#include "tests/reports/fixture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/base/rng.h"
#include "harness/summary/all_pairs.h"

namespace pingjia::reports::fixture {

using namespace harness;

namespace {

struct SystemPlan {
  std::string name;
  std::string basis;
  std::string source;
  double usd_input = 0;  // $/Mtok
  double usd_output = 0;
  double ttft_s = 0.02;
  double tpot_s = 0.004;
  double failure_rate = 0;
  double skill = 0.7;
  int gpus = 0;  // Of its machine, which else has two cores.
  bool reasons = false;
  bool caches = false;
};

// A request is due every 10 ms; systems and suites take turns.
constexpr double kPeriod = 0.01;
constexpr double kUsdPerHour = 0.08;

struct SuitePlan {
  std::string name;
  double difficulty = 0;
  bool loglikelihood = false;
};

const std::vector<SuitePlan> kSuites{
    {"arithmetic/generate", 0.0, false},    {"strings/generate", 0.12, false},
    {"choice/generate", 0.05, false},       {"choice/loglikelihood", -0.03, true},
    {"word-problems/few-shot", 0.2, false}, {"dates/generate", 0.1, false}};

const std::vector<SystemPlan> kSystems{
    {"dense", "machine", "fixture rate: 2-core VM, $0.08 per hour", 0.021, 0.33, 0.018, 0.0031, 0,
     0.72},
    {"moe", "machine", "fixture rate: 2-core VM, $0.08 per hour", 0.034, 0.52, 0.027, 0.0046, 0,
     0.84, 0, true},
    {"dense-api", "api", "fixture price row, 2026-11-25", 0.10, 0.40, 0.041, 0.0034, 0.02, 0.71, 0,
     true, true}};

std::string outcome_of(Rng& rng, const SystemPlan& system, const SuitePlan& suite) {
  if (rng.uniform() < system.failure_rate) return "failed";
  if (!suite.loglikelihood && rng.uniform() < 0.03) return "parse_failed";
  if (!suite.loglikelihood && rng.uniform() < 0.015) return "truncated";
  return rng.uniform() < system.skill - suite.difficulty ? "right" : "wrong";
}

Request request_of(const SuitePlan& suite, int index) {
  Request request;
  request.mode = suite.loglikelihood ? Mode::kLoglikelihood : Mode::kGenerate;
  request.messages.push_back({"system", "Answer with the result only."});
  request.messages.push_back({"user", "2+2="});
  request.messages.push_back({"assistant", "4"});
  request.messages.push_back({"user", fmt::format("{}+{}=", 100 + index, 3 * index + 7)});
  if (suite.loglikelihood) request.continuations = {"A", "B", "C", "D"};
  request.sampling.max_tokens = 16;
  return request;
}

void fill_timeline(Rng& rng, const SystemPlan& system, std::int64_t tokens, Nanos due,
                   Record& record) {
  Timeline& timeline = record.completion.timeline;
  const double ttft = system.ttft_s * std::exp(0.35 * rng.normal());
  const double tpot = system.tpot_s * std::exp(0.12 * rng.normal());
  timeline.due = due;
  timeline.sent = timeline.due + 30'000;
  timeline.first_token = timeline.due + static_cast<Nanos>(ttft * 1e9);
  timeline.last_token =
      *timeline.first_token + static_cast<Nanos>(tpot * 1e9) * std::max<Nanos>(tokens - 1, 0);
  timeline.done = *timeline.last_token + 50'000;
  timeline.arrivals = {{*timeline.first_token, 1},
                       {*timeline.last_token, static_cast<std::int32_t>(tokens - 1)}};
}

void fill_failure(Nanos due, Record& record) {
  record.completion.failure = Failure{FailureClass::kOverloaded, 503, "model is overloaded", 1.0};
  record.completion.timeline.due = due;
  record.completion.timeline.sent = due + 30'000;
  record.completion.timeline.done = due + 40'000'000;
}

SampleView sample_of(Rng& rng, const SystemPlan& system, const SuitePlan& suite, int index,
                     Nanos due) {
  SampleView view;
  Record& record = view.record;
  record.key = {system.name, suite.name, fmt::format("a{:04}", index), 0, 0};
  record.request = request_of(suite, index);
  record.request.id = request_id(record.key);
  view.gold = fmt::format("{}", 100 + index + 3 * index + 7);
  view.outcome = outcome_of(rng, system, suite);
  if (view.outcome == "failed") {
    fill_failure(due, record);
    return view;
  }
  const auto tokens = static_cast<std::int64_t>(2 + rng.below(6));
  view.extracted = view.outcome == "right" ? view.gold : fmt::format("{}", 90 + index);
  record.completion.text = " " + view.extracted;
  if (view.outcome == "parse_failed") view.extracted = "";
  view.rule = "last number";
  record.completion.finish = view.outcome == "truncated" ? Finish::kLength : Finish::kStop;
  record.completion.usage.input = 24 + static_cast<std::int64_t>(rng.below(8));
  record.completion.usage.output = tokens;
  record.completion.usage.maker = "server";
  fill_timeline(rng, system, tokens, due, record);
  view.cost_usd = 1e-6 * (system.usd_input * static_cast<double>(*record.completion.usage.input) +
                          system.usd_output * static_cast<double>(tokens));
  return view;
}

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

struct Tally {
  std::map<std::string, int> outcomes;
  std::vector<double> ttft;
  std::vector<double> tpot;
  double cost = 0;
  double tokens = 0;
  int total = 0;

  int outcomes_of(const std::string& name) const {
    const auto found = outcomes.find(name);
    return found == outcomes.end() ? 0 : found->second;
  }
};

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

constexpr const char* kManifest =
    R"({"schema_version":1,"name":"fixture","seed":1,"systems":[{"name":"dense","adapter":"llama",)"
    R"("options":{"model":"dense.gguf","threads":1}}],"load":{"mode":"closed","concurrency":8}})";
constexpr const char* kEnvironment =
    R"({"host":"fixture","cpu":"an invented processor","cores":2,"memory_bytes":8000000000,)"
    R"("kernel":"Linux 6.1","build":{"version":"0.1.0","compiler":"g++ 12"}})";

RunView blank(const std::string& name) {
  RunView run;
  run.name = name;
  run.directory = "runs/" + name;
  run.manifest = kManifest;
  run.environment = kEnvironment;
  run.summary.run = name;
  return run;
}

RunView make(const std::string& name, const std::vector<SystemPlan>& systems,
             const std::vector<SuitePlan>& suites, int samples) {
  RunView run = blank(name);
  Rng rng(11, "report fixture");
  constexpr double kPause = 0.5;  // Between suites, so that none waits for the one before.
  double at = 1;
  for (const auto& system : systems) {
    Tally all;
    std::vector<SummaryRow> rows;
    for (const auto& suite : suites) {
      Tally tally;
      for (int i = 0; i < samples; ++i) {
        run.samples.push_back(sample_of(rng, system, suite, i, static_cast<Nanos>(at * 1e9)));
        at += kPeriod;
        count(run.samples.back(), tally);
        count(run.samples.back(), all);
      }
      rows.push_back(row_of(system, suite.name, tally));
      at += kPause;
    }
    run.summary.rows.push_back(row_of(system, "*", all));
    run.summary.rows.insert(run.summary.rows.end(), rows.begin(), rows.end());
  }
  add_comparisons(systems, run);
  add_parity(run);
  return run;
}

// A few hundred bytes that no two answers share, with line breaks and now and then a thought.
std::string long_answer(Rng& rng, const std::string& result) {
  static const char* const kWords[] = {
      "sum",   "carry",  "first",   "digit", "therefore", "number", "twice", "remainder",
      "check", "column", "product", "equal", "because",   "result", "seven", "subtract"};
  std::string text = rng.below(8) == 0 ? "<think>" : "";
  const auto words = 20 + rng.below(60);
  for (std::uint64_t i = 0; i < words; ++i) {
    text += fmt::format("{} {}", kWords[rng.below(std::size(kWords))], rng.below(10'000));
    text += i % 12 == 11 ? ".\n" : " ";
    if (i == 8 && text.starts_with('<')) text += "</think>\n";
  }
  return text + "so the answer is " + result;
}

}  // namespace

RunView demo(int samples) {
  return make("fixture", kSystems, {kSuites.begin(), kSuites.begin() + 4}, samples);
}

RunView crowd(int systems, int suites, int samples) {
  std::vector<SystemPlan> plans;
  Rng rng(5, "crowd");
  for (int i = 0; i < systems; ++i) {
    SystemPlan plan = kSystems[static_cast<std::size_t>(i) % kSystems.size()];
    plan.name = fmt::format("model-{}-{}b-instruct", static_cast<char>('a' + i), 1 << (i % 7));
    const double price = 0.02 * std::pow(10, 2 * rng.uniform());
    plan.usd_input = price;
    plan.usd_output = 4 * price;
    plan.ttft_s *= std::pow(10, rng.uniform());
    plan.tpot_s *= std::pow(4, rng.uniform());
    // A third of them by the core, a third on one to four GPUs, a third behind an API.
    if (i % 3 == 1) plan.gpus = 1 << (i % 4 / 2 + i % 2);
    plan.skill = 0.45 + 0.3 * std::log10(price / 0.02) / 2 + 0.15 * rng.uniform();
    plans.push_back(plan);
  }
  return make("crowd", plans, {kSuites.begin(), kSuites.begin() + suites}, samples);
}

RunView empty() {
  return blank("empty");
}

RunView failed() {
  std::vector<SystemPlan> systems = kSystems;
  for (auto& system : systems) system.failure_rate = 2;
  return make("failed", systems, {kSuites.begin(), kSuites.begin() + 2}, 30);
}

RunView large(int samples) {
  std::vector<SystemPlan> systems = kSystems;
  systems.push_back(kSystems[1]);
  systems.back().name = "moe-api";
  systems.back().failure_rate = 0.01;
  RunView run = make("large", systems, {kSuites.begin(), kSuites.begin() + 5}, samples);
  Rng rng(17, "large");
  for (auto& sample : run.samples) {
    if (!sample.record.completion.failure) {
      sample.record.completion.text = long_answer(rng, sample.extracted);
    }
  }
  return run;
}

RunView hostile() {
  std::vector<SystemPlan> systems = kSystems;
  systems[0].name = "<script>alert(1)</script>";
  systems[1].name = "a \"quoted\" & very long model name, longer than any label has place for";
  systems[1].source = "price\x1b[31m row </td><img src=x onerror=alert(1)>";
  systems[2].name = "通义千问-模型";
  RunView run = make("hos<b>tile", systems, {kSuites.begin(), kSuites.begin() + 1}, 12);
  const std::string attacks[] = {"</pre></details><script>document.title='owned'</script>",
                                 "<img src=http://127.0.0.1:9/x.png onerror=alert(1)>",
                                 "\xE2\x80\xAE"
                                 "desrever\xE2\x80\xAC and back",
                                 "\x1b[2J\x1b[31mred\x07\x00 bell",
                                 "half a code point \xE2\x82 and \xFF\xFE",
                                 std::string(10'000'000, 'x'),
                                 "]]><!-- <style>body{display:none}</style>",
                                 "&lt;b&gt; &amp; 'quotes' \"both\"",
                                 "line\r\nline\n\ttab",
                                 std::string(300, '[') + " planted",
                                 "\xE2\x80\x8B\xF3\xA0\x81\x81 unseen",
                                 "javascript:alert(1)"};
  for (std::size_t i = 0; i < run.samples.size(); ++i) {
    SampleView& sample = run.samples[i];
    const std::string& attack = attacks[i % std::size(attacks)];
    sample.record.completion.text = attack;
    sample.extracted = attack.substr(0, 60);
    sample.record.request.messages.back().content = attack.substr(0, 200);
    sample.gold = attack.substr(0, 40);
  }
  run.samples[0].record.completion.reasoning = "aside <i>apart</i> \x1b[1m";
  run.summary.notes.push_back("a note with <b>markup</b> and \xE2\x80\xAE marks");
  return run;
}

RunView uneven() {
  std::vector<SystemPlan> systems = kSystems;
  systems[1].basis = "unknown";
  RunView run = make("uneven", systems, {kSuites.begin(), kSuites.begin() + 2}, 40);
  run.summary.no_ranking = {"no ranking by cost: moe is unpriced (no price row for this model)"};
  run.summary.notes.push_back(run.summary.no_ranking[0]);
  auto& rows = run.summary.rows;
  rows.erase(rows.begin() + 2);  // dense did not run the second suite
  for (auto& row : rows) {
    if (row.system != "dense-api") continue;
    row.test_double = true;
    row.notes.push_back("a test double: these figures measure no model");
  }
  return run;
}

}  // namespace pingjia::reports::fixture

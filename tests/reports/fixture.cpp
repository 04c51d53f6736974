#include "tests/reports/fixture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/base/rng.h"
#include "tests/reports/fixture_plan.h"

namespace pingjia::reports::fixture {

using namespace harness;

namespace {

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

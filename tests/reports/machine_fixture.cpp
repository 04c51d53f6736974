#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <queue>

#include "harness/base/rng.h"
#include "harness/summary/summary.h"
#include "tests/reports/fixture.h"

namespace pingjia::reports::fixture {

using namespace harness;

namespace {

constexpr const char* kModel = "fixture-8b-instruct";

/// An invented machine: how its tokens slow down as more are asked at once, and what it draws.
struct MachinePlan {
  std::string name;
  std::string usd_per_hour;  ///< Empty: an API.
  double tpot_s = 0;         ///< Of one request alone …
  double half_load = 1;      ///< … and twice that at so many in flight.
  double active_w = 0;
  double idle_w = 0;  ///< 0: nobody watched it idle.
};

const std::vector<MachinePlan> kMachines{{"A100 80GB (fixture)", "1.19", 0.012, 60, 300, 60},
                                         {"RTX 4090 (fixture)", "0.55", 0.011, 8, 380, 0},
                                         {"H200 (fixture)", "2.90", 0.008, 120, 600, 85},
                                         {"", "", 0.009, 1000, 0, 0}};

Pricing pricing_of(const MachinePlan& plan) {
  if (plan.usd_per_hour.empty()) {
    PriceRow row;
    row.prices[static_cast<std::size_t>(Leaf::kInput)] = parse_price("0.05", "fixture");
    row.prices[static_cast<std::size_t>(Leaf::kOutput)] = parse_price("0.25", "fixture");
    row.source = "fixture: an invented price";
    return ApiPricing{row};
  }
  Hardware hardware;
  hardware.name = plan.name;
  hardware.usd_per_hour = parse_usd(plan.usd_per_hour, "fixture");
  hardware.gpus = 1;
  hardware.source = "fixture: an invented rent";
  return MachinePricing{hardware};
}

DeviceEnergy board(double joules) {
  DeviceEnergy energy;
  energy.name = "an invented card";
  energy.scope = "GPU board";
  energy.method = "fixture meter";
  energy.joules = joules;
  energy.fake = true;
  return energy;
}

SessionInput session_of(const MachinePlan& plan, Nanos begin, Nanos end,
                        const std::vector<std::string>& suites) {
  SessionInput session;
  session.opened = begin - 20 * kSecond;
  session.ready = begin - kSecond;
  session.closed = end + kSecond;
  if (plan.active_w == 0) return session;
  session.energy.unknown = "";
  if (plan.idle_w > 0) {
    session.energy.idle_s = 5;
    session.energy.idle = {board(5 * plan.idle_w)};
  }
  // Suite after suite, in equal parts of the time.
  const Nanos part = (end - begin) / static_cast<Nanos>(suites.size());
  for (std::size_t i = 0; i < suites.size(); ++i) {
    const Nanos from = begin + static_cast<Nanos>(i) * part;
    session.energy.windows.push_back(
        {suites[i], from, from + part, {board(plan.active_w * seconds(part))}});
  }
  return session;
}

/// What one run is made of, before it is summed up.
struct Made {
  SummaryInput input;
  std::vector<Record> records;
  std::vector<Score> scores;
};

Record record_of(Rng& rng, const MachinePlan& plan, const RecordKey& key, int load, Nanos sent) {
  Record record;
  record.key = key;
  record.request.messages = {{"user", "What is asked in " + key.sample + "?"}};
  record.request.id = request_id(key);
  Completion& completion = record.completion;
  const auto tokens = static_cast<std::int64_t>(60 + rng.below(80));
  completion.finish = Finish::kStop;
  completion.usage.input = 200 + static_cast<std::int64_t>(rng.below(40));
  completion.usage.output = tokens;
  completion.usage.maker = "fixture";
  const double tpot = plan.tpot_s * (1 + load / plan.half_load) * (0.95 + 0.1 * rng.uniform());
  Timeline& timeline = completion.timeline;
  timeline.due = timeline.sent = sent;
  timeline.first_token = sent + static_cast<Nanos>(12e9 * tpot);
  timeline.last_token =
      *timeline.first_token + static_cast<Nanos>(1e9 * tpot * static_cast<double>(tokens - 1));
  timeline.done = *timeline.last_token;
  timeline.arrivals = {{*timeline.first_token, 1},
                       {*timeline.last_token, static_cast<std::int32_t>(tokens - 1)}};
  return record;
}

// `load` requests are in flight until none is left, as a closed load has it.
void answer_all(const MachinePlan& plan, int load, int samples, Made& made) {
  Rng rng(23, "machines " + plan.name + std::to_string(load));
  Rng skill(23, "machines answers");  // The same questions are right everywhere.
  std::priority_queue<Nanos, std::vector<Nanos>, std::greater<>> free;
  for (int i = 0; i < load; ++i) free.push(100 * kSecond);
  const std::string& system = made.input.systems.front().name;
  for (const auto& suite : made.input.suites) {
    for (int i = 0; i < samples; ++i) {
      const RecordKey key{system, suite, fmt::format("q{:03}", i), 0, 0};
      Record& record =
          made.records.emplace_back(record_of(rng, plan, key, load, free.top() + kMillisecond));
      free.pop();
      free.push(record.completion.timeline.done);
      const bool right = skill.uniform() < 0.8;
      record.completion.text = right ? "42" : "41";
      made.scores.push_back(Score{key, right ? "right" : "wrong",
                                  right ? Verdict::kRight : Verdict::kWrong, record.completion.text,
                                  "last number", "numeric", "1"});
    }
  }
}

Nanos last_done(const std::vector<Record>& records) {
  Nanos last = 0;
  for (const auto& record : records) last = std::max(last, record.completion.timeline.done);
  return last;
}

std::string manifest_of(const SystemInput& system, int load) {
  const nlohmann::json facts{{"model", system.facts.model},
                             {"model_sha256", system.facts.model_sha256},
                             {"device", system.facts.device},
                             {"test_double", true}};
  return nlohmann::json{{"schema_version", 1},
                        {"spec",
                         {{"name", "fixture"},
                          {"seed", 1},
                          {"load", {{"mode", "closed"}, {"concurrency", load}}},
                          {"systems", {{{"name", system.name}, {"adapter", "fixture"}}}}}},
                        {"pricing", {{system.name, to_json(system.pricing)}}},
                        {"facts", {{system.name, facts}}}}
      .dump();
}

RunView run_of(const MachinePlan& plan, const std::string& name, int load, int samples) {
  Made made;
  made.input.run = name;
  made.input.seed = 1;
  made.input.suites = {"word-problems/few-shot", "dates/generate"};
  SystemInput& system = made.input.systems.emplace_back();
  system.name = "fixture-8b";
  system.pricing = pricing_of(plan);
  const bool api = plan.usd_per_hour.empty();
  system.facts.model = api ? std::string("fixture-lab/") + kModel : kModel;
  system.facts.model_sha256 = api ? "" : std::string(64, 'f');
  system.facts.device = api ? "remote" : plan.name;
  system.facts.test_double = true;
  answer_all(plan, load, samples, made);
  system.sessions = {session_of(plan, 100 * kSecond, last_done(made.records), made.input.suites)};
  made.input.records = made.records;
  made.input.scores = made.scores;

  RunView run;
  run.name = name;
  run.directory = "runs/" + name;
  run.manifest = manifest_of(system, load);
  run.environment = R"({"host":"fixture","cpu":"an invented processor","cores":2})";
  run.summary = summarize(made.input);
  const auto costs = record_costs(made.input);
  for (std::size_t i = 0; i < made.records.size(); ++i) {
    SampleView& sample = run.samples.emplace_back();
    sample.record = made.records[i];
    sample.gold = "42";
    sample.outcome = made.scores[i].outcome;
    sample.extracted = made.records[i].completion.text;
    sample.rule = made.scores[i].rule;
    sample.cost_usd = costs[i];
  }
  return run;
}

}  // namespace

std::vector<RunView> machines(int samples) {
  std::vector<RunView> runs;
  const char* const names[] = {"fixture-a100", "fixture-4090", "fixture-h200", "fixture-api"};
  for (std::size_t i = 0; i < kMachines.size(); ++i) {
    const bool api = kMachines[i].usd_per_hour.empty();
    for (const int load : api ? std::vector<int>{8} : std::vector<int>{1, 8, 32}) {
      const std::string name = api ? names[i] : fmt::format("{}-{}", names[i], load);
      runs.push_back(run_of(kMachines[i], name, load, samples));
    }
  }
  return runs;
}

}  // namespace pingjia::reports::fixture

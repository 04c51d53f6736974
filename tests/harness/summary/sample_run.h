#pragma once

#include <string>
#include <vector>

#include "harness/summary/summary.h"

namespace pingjia::harness {

/// A small run put together by hand: records and their scores, for tests of the summary.
class SampleRun {
 public:
  SampleRun() {
    input.run = "sample";
    input.seed = 1;
  }

  SystemInput& system(const std::string& name, Pricing pricing) {
    SystemInput& added = input.systems.emplace_back();
    added.name = name;
    added.pricing = std::move(pricing);
    return added;
  }

  /// An answered generation of 10 input and 5 output tokens: sent at `sent`, first text 10 ms
  /// later, a piece every 2 ms, done at the last; marked `outcome`.
  Record& answer(const std::string& system, const std::string& suite, const std::string& sample,
                 const std::string& outcome, Nanos sent) {
    Record& record = records.emplace_back();
    record.key = {system, suite, sample, 0, 0};
    record.request.messages = {{"user", "question " + sample}};
    Completion& completion = record.completion;
    completion.finish = Finish::kStop;
    completion.usage.input = 10;
    completion.usage.output = 5;
    completion.usage.maker = "server";
    Timeline& timeline = completion.timeline;
    timeline.due = sent - kMillisecond;
    timeline.sent = sent;
    for (int piece = 0; piece < 5; ++piece) {
      timeline.arrivals.push_back({sent + (10 + 2 * piece) * kMillisecond, 1});
    }
    timeline.first_token = timeline.arrivals.front().at;
    timeline.last_token = timeline.arrivals.back().at;
    timeline.done = *timeline.last_token;
    completion.server = {0.0, 0.010, 0.030, "worker", true};
    if (!outcome.empty()) mark(record.key, outcome);
    return record;
  }

  Record& failure(const std::string& system, const std::string& suite, const std::string& sample,
                  FailureClass kind, Nanos sent) {
    Record& record = records.emplace_back();
    record.key = {system, suite, sample, 0, 0};
    record.request.messages = {{"user", "question " + sample}};
    record.completion.failure.emplace().kind = kind;
    record.completion.timeline.due = sent;
    record.completion.timeline.sent = sent;
    record.completion.timeline.done = sent + 5 * kMillisecond;
    return record;
  }

  Score& mark(const RecordKey& key, const std::string& outcome, const std::string& rule = "") {
    return scores.emplace_back(Score{
        key, outcome, verdict_of(outcome).value_or(Verdict::kParseFailed), {}, rule, "exact", "1"});
  }

  /// The input, valid until the next record or score is added.
  const SummaryInput& finished() {
    input.records = records;
    input.scores = scores;
    return input;
  }

  SummaryInput input;
  std::vector<Record> records;
  std::vector<Score> scores;
};

inline PriceRow prices_of(const std::string& input, const std::string& output) {
  PriceRow row;
  row.prices[static_cast<std::size_t>(Leaf::kInput)] = parse_price(input, "test");
  row.prices[static_cast<std::size_t>(Leaf::kOutput)] = parse_price(output, "test");
  row.source = "list";
  row.date = "2026-11-25";
  return row;
}

inline Hardware machine_of(const std::string& usd_per_hour) {
  return {"box", parse_usd(usd_per_hour, "test"), 2, 1, "provider", ""};
}

inline const SummaryRow& row_of(const Summary& summary, const std::string& system,
                                const std::string& suite) {
  for (const auto& row : summary.rows) {
    if (row.system == system && row.suite == suite) return row;
  }
  static const SummaryRow kNone;
  return kNone;
}

inline double value(const SummaryRow& row, const std::string& tag) {
  const Metric* metric = find_metric(row, tag);
  return metric && metric->value ? *metric->value : -1;
}

inline std::string maker(const SummaryRow& row, const std::string& tag) {
  const Metric* metric = find_metric(row, tag);
  return metric ? metric->maker : "no such metric";
}

inline bool has_note(const std::vector<std::string>& notes, const std::string& part) {
  return std::any_of(notes.begin(), notes.end(),
                     [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

constexpr Nanos kStart = 1'000 * kMillisecond;

// Two right, one wrong, one unparsed, one that failed after a retry, one that is unsupported.
inline SampleRun api_run() {
  SampleRun run;
  run.system("api", ApiPricing{prices_of("1", "10")});
  run.input.suites = {"s/generate"};
  run.answer("api", "s/generate", "a", "right", kStart);
  run.answer("api", "s/generate", "b", "right", kStart + 100 * kMillisecond);
  run.answer("api", "s/generate", "c", "wrong", kStart + 200 * kMillisecond);
  run.answer("api", "s/generate", "d", "parse_failed", kStart + 300 * kMillisecond);
  run.failure("api", "s/generate", "e", FailureClass::kRateLimit, kStart + 400 * kMillisecond)
      .last_attempt = false;
  Record& last =
      run.failure("api", "s/generate", "e", FailureClass::kRateLimit, kStart + 500 * kMillisecond);
  last.key.attempt = 1;
  run.mark(last.key, "failed", "rate_limit");
  Record& cannot = run.failure("api", "s/generate", "f", FailureClass::kUnsupported, 0);
  run.mark(cannot.key, "unsupported", "unsupported");
  return run;
}

}  // namespace pingjia::harness

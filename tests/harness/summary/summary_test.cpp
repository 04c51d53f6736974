#include "harness/summary/summary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/error.h"
#include "harness/base/rng.h"
#include "harness/stats/interval.h"
#include "tests/harness/summary/sample_run.h"

namespace pingjia::harness {
namespace {

TEST(Summary, CountsOutcomesOfLastAttempts) {
  SampleRun run = api_run();
  const Summary summary = summarize(run.finished());
  ASSERT_EQ(summary.rows.size(), 2U);
  const SummaryRow& row = row_of(summary, "api", "s/generate");
  EXPECT_EQ(value(row, "right"), 2);
  EXPECT_EQ(value(row, "wrong"), 1);
  EXPECT_EQ(value(row, "parse_failed"), 1);
  EXPECT_EQ(value(row, "failed"), 1);
  EXPECT_EQ(value(row, "unsupported"), 1);
  EXPECT_EQ(value(row, "answered"), 3);
  EXPECT_EQ(value(row, "total"), 6);
}

TEST(Summary, LeavesFailuresOutOfTheAccuracy) {
  SampleRun run = api_run();
  const Summary summary = summarize(run.finished());
  const Metric* accuracy = find_metric(row_of(summary, "api", "s/generate"), "accuracy");
  EXPECT_EQ(accuracy->value, 0.5);
  EXPECT_EQ(accuracy->low, wilson(2, 4).low);
  EXPECT_EQ(accuracy->high, wilson(2, 4).high);
  EXPECT_EQ(accuracy->maker, "2 of 4 marked, scorer exact 1, Wilson 95 %");
  const auto& notes = row_of(summary, "api", "s/generate").notes;
  EXPECT_TRUE(has_note(notes, "1 of 6 requests failed (rate_limit 1)"));
  EXPECT_TRUE(has_note(notes, "1 of 6 requests ask what this system cannot do"));
  EXPECT_TRUE(has_note(notes, "1 attempts were retried"));
}

// Four answers of 10 in at $1 and 5 out at $10 per Mtok; turned-away requests cost nothing.
TEST(Summary, PricesByTheToken) {
  SampleRun run = api_run();
  const Summary summary = summarize(run.finished());
  const SummaryRow& row = row_of(summary, "api", "s/generate");
  EXPECT_EQ(row.price_basis, "api");
  EXPECT_NEAR(value(row, "cost"), 4 * 60e-6, 1e-18);
  EXPECT_NEAR(value(row, "usd_per_mtok_input"), 1, 1e-12);
  EXPECT_NEAR(value(row, "usd_per_mtok_output"), 10, 1e-12);
  EXPECT_NEAR(value(row, "usd_per_mtok_blended"), 4, 1e-12);
  EXPECT_NEAR(value(row, "usd_per_correct"), 120e-6, 1e-15);
  EXPECT_EQ(maker(row, "cost"), "$1/$10 per Mtok in/out, list, 2026-11-25");
  // Two right answers are too few for an interval.
  EXPECT_FALSE(find_metric(row, "usd_per_correct")->low);
  EXPECT_NE(maker(row, "usd_per_correct").find("no interval: too few right"), std::string::npos);
  EXPECT_EQ(maker(row, "cpu_hours"), "unknown: no hardware is given");
  EXPECT_FALSE(find_metric(row, "energy")->value);
}

TEST(Summary, TimesAnswersFromWhenTheyWereDue) {
  SampleRun run = api_run();
  const Summary summary = summarize(run.finished());
  const SummaryRow& row = row_of(summary, "api", "s/generate");
  EXPECT_NEAR(value(row, "ttft_p50"), 0.011, 1e-12);
  EXPECT_NEAR(value(row, "ttft_sent_p50"), 0.010, 1e-12);
  EXPECT_NEAR(value(row, "tpot_p50"), 0.002, 1e-12);
  EXPECT_NEAR(value(row, "itl_p50"), 0.002, 1e-12);
  EXPECT_NEAR(value(row, "e2el_p50"), 0.019, 1e-12);
  EXPECT_EQ(maker(row, "ttft_p50"), "client clock, due to first text, n=4");
  EXPECT_FALSE(find_metric(row, "ttft_p99")->value);
  EXPECT_EQ(maker(row, "ttft_p99"), "p99 needs 662 samples, there are 4");
}

TEST(Summary, GivesRatesOverTheServingWindow) {
  SampleRun run = api_run();
  const Summary summary = summarize(run.finished());
  const SummaryRow& row = row_of(summary, "api", "s/generate");
  EXPECT_EQ(value(row, "input_tokens"), 40);
  EXPECT_EQ(value(row, "output_tokens"), 20);
  // First sent at 1.0 s, the last failure done at 1.505 s.
  EXPECT_NEAR(value(row, "output_tokens_per_s"), 20 / 0.505, 1e-9);
  EXPECT_NEAR(value(row, "requests_per_s"), 4 / 0.505, 1e-9);
  EXPECT_EQ(maker(row, "output_tokens_per_s"),
            "counted by server over 0.505 s, first sent to last done");
}

SampleRun machine_run() {
  SampleRun run;
  SystemInput& system = run.system("local", MachinePricing{machine_of("3.60")});
  system.sessions = {{0, 0, kSecond / 2, 3 * kSecond, 1.25}};
  run.input.suites = {"s/generate", "t/generate"};
  run.answer("local", "s/generate", "a", "right", kStart);
  run.answer("local", "s/generate", "b", "wrong", kStart + 9 * kMillisecond);
  run.answer("local", "t/generate", "a", "right", kStart + 982 * kMillisecond);
  return run;
}

// The window is exactly one second: $0.001 at $3.60/h.
TEST(Summary, PricesByTheHour) {
  SampleRun run = machine_run();
  const Summary summary = summarize(run.finished());
  const SummaryRow& all = row_of(summary, "local", "*");
  EXPECT_EQ(all.price_basis, "machine");
  EXPECT_NEAR(value(all, "cost"), 0.001, 1e-15);
  EXPECT_NEAR(value(all, "cpu_hours"), 2.0 / 3600, 1e-12);
  EXPECT_NEAR(value(all, "gpu_hours"), 1.0 / 3600, 1e-12);
  EXPECT_NEAR(value(all, "reserved_hours"), 3.0 / 3600, 1e-12);
  EXPECT_EQ(value(all, "cpu_seconds"), 1.25);
  EXPECT_NEAR(value(all, "usd_per_correct"), 0.0005, 1e-15);
  EXPECT_EQ(maker(all, "cost"), "box at $3.6/h, provider, serving window 1.000 s");
  EXPECT_EQ(maker(all, "cpu_hours"), "2 cores x 1.000 s, first sent to last done");
}

TEST(Summary, DividesTheMachineBetweenSuitesWithoutRest) {
  SampleRun run = machine_run();
  const Summary summary = summarize(run.finished());
  const SummaryRow& s = row_of(summary, "local", "s/generate");
  const SummaryRow& t = row_of(summary, "local", "t/generate");
  const SummaryRow& all = row_of(summary, "local", "*");
  for (const char* tag : {"cost", "cpu_hours", "gpu_hours", "input_tokens", "right", "total"}) {
    EXPECT_NEAR(value(s, tag) + value(t, tag), value(all, tag), 1e-12) << tag;
  }
  // 27 ms of s against 18 ms of t are active; idle time follows them.
  EXPECT_NEAR(value(s, "cost"), 0.001 * 27 / 45, 1e-12);
  EXPECT_FALSE(find_metric(s, "reserved_hours")->value);
}

TEST(Summary, SplitsTheMachineByStepTimes) {
  SampleRun run = machine_run();
  const Summary summary = summarize(run.finished());
  const SummaryRow& all = row_of(summary, "local", "*");
  // Prefill takes 10 of 40 ms; 30 input and 15 output tokens.
  EXPECT_NEAR(value(all, "usd_per_mtok_input"), 0.25 * 0.001 / 30 * 1e6, 1e-9);
  EXPECT_NEAR(value(all, "usd_per_mtok_output"), 0.75 * 0.001 / 15 * 1e6, 1e-9);
  EXPECT_NEAR(value(all, "usd_per_mtok_input") * 30 + value(all, "usd_per_mtok_output") * 15,
              value(all, "cost") * 1e6, 1e-9);
  run.records[0].completion.server.prefill_s.reset();
  run.records[0].completion.timeline.arrivals.clear();
  const Summary without = summarize(run.finished());
  EXPECT_FALSE(find_metric(row_of(without, "local", "*"), "usd_per_mtok_input")->value);
  EXPECT_NEAR(value(row_of(without, "local", "*"), "usd_per_mtok_blended"), 0.001 / 45 * 1e6, 1e-9);
}

// D4: a day of DeepSeek, 342 of 608 billion input tokens from its cache.
TEST(Summary, SharesOutInputReadFromCache) {
  SampleRun run = api_run();
  for (auto& record : run.records) {
    record.completion.usage.input = 266;
    record.completion.usage.cache_read = 342;
  }
  EXPECT_NEAR(value(row_of(summarize(run.finished()), "api", "*"), "cache_hit_share"), 0.5625,
              1e-12);
  run.records[0].completion.usage.cache_read.reset();
  EXPECT_FALSE(
      find_metric(row_of(summarize(run.finished()), "api", "*"), "cache_hit_share")->value);
}

TEST(Summary, SaysWhereASessionWasKilled) {
  SampleRun run = machine_run();
  run.records[2].session = 1;
  const Summary summary = summarize(run.finished());
  EXPECT_FALSE(find_metric(row_of(summary, "local", "*"), "reserved_hours")->value);
  EXPECT_NE(maker(row_of(summary, "local", "*"), "cpu_seconds").find("killed"), std::string::npos);
  EXPECT_TRUE(find_metric(row_of(summary, "local", "*"), "cost")->value);
}

TEST(Summary, KnowsNoCostWithoutAPrice) {
  SampleRun run = api_run();
  run.input.systems[0].pricing = UnknownPricing{"no price of 'm'"};
  const Summary summary = summarize(run.finished());
  const SummaryRow& row = row_of(summary, "api", "*");
  for (const char* tag : {"cost", "usd_per_correct", "usd_per_mtok_blended"}) {
    EXPECT_FALSE(find_metric(row, tag)->value) << tag;
    EXPECT_EQ(maker(row, tag), "unknown: no price of 'm'");
  }
  EXPECT_TRUE(has_note(summary.notes, "no ranking by cost: api is unpriced (no price of 'm')"));
}

TEST(Summary, RefusesARankingAboveHalfAPercentUnpriced) {
  SampleRun run = api_run();
  run.records[0].completion.usage.cache_read = 7;
  const Summary summary = summarize(run.finished());
  EXPECT_FALSE(find_metric(row_of(summary, "api", "*"), "cost")->value);
  EXPECT_EQ(maker(row_of(summary, "api", "*"), "cost"), "unknown: 7 of 67 tokens have no price");
  EXPECT_TRUE(has_note(summary.notes, "10.45 % unpriced"));
}

TEST(Summary, ShowsALowerBoundWhereLittleIsUnpriced) {
  SampleRun run = api_run();
  for (int i = 0; i < 400; ++i) {
    run.answer("api", "s/generate", "x" + std::to_string(i), "right", kStart);
  }
  run.records[0].completion.usage.cache_read = 1;
  const Summary summary = summarize(run.finished());
  EXPECT_TRUE(find_metric(row_of(summary, "api", "*"), "cost")->value);
  EXPECT_NE(maker(row_of(summary, "api", "*"), "cost").find("a lower bound"), std::string::npos);
  EXPECT_TRUE(summary.notes.empty());
}

TEST(Summary, CountsARetryThatWasBilled) {
  SampleRun run = api_run();
  Record& first = run.records[4];
  first.completion.failure->kind = FailureClass::kTruncatedStream;
  first.completion.usage.input = 10;
  first.completion.usage.output = 1;
  const Summary summary = summarize(run.finished());
  EXPECT_NEAR(value(row_of(summary, "api", "*"), "cost"), 4 * 60e-6 + 20e-6, 1e-18);
}

TEST(Summary, HasNoCostPerCorrectWithoutACorrectAnswer) {
  SampleRun run;
  run.system("api", ApiPricing{prices_of("1", "1")});
  run.answer("api", "s/g", "a", "wrong", kStart);
  const Summary summary = summarize(run.finished());
  const SummaryRow& row = row_of(summary, "api", "*");
  EXPECT_FALSE(find_metric(row, "usd_per_correct")->value);
  EXPECT_EQ(maker(row, "usd_per_correct"), "unbounded: no answer was right");
}

TEST(Summary, RefusesARankingByCostsWithoutIntervals) {
  SampleRun run;
  run.system("one", ApiPricing{prices_of("1", "1")});
  run.answer("one", "s/g", "a", "right", kStart);
  run.answer("one", "s/g", "b", "wrong", kStart);
  // Alone there is nothing to rank.
  EXPECT_TRUE(summarize(run.finished()).no_ranking.empty());
  run.system("two", ApiPricing{prices_of("2", "2")});
  run.answer("two", "s/g", "a", "right", kStart);
  run.answer("two", "s/g", "b", "wrong", kStart);
  const Summary summary = summarize(run.finished());
  ASSERT_EQ(summary.no_ranking.size(), 2U);
  EXPECT_EQ(summary.no_ranking[0],
            "no ranking by cost: one has too few right answers for an interval");
}

TEST(Summary, KeepsTheProvidersCostBesideTheEstimate) {
  SampleRun run;
  run.system("api", ApiPricing{prices_of("1", "1")});
  Record& record = run.answer("api", "s/g", "a", "right", kStart);
  const double estimated = static_cast<double>(*record.completion.usage.total_input() +
                                               *record.completion.usage.total_output()) *
                           1e-6;
  record.completion.usage.reported_usd = "0.5";
  record.completion.usage.adds_up = false;
  const Summary summary = summarize(run.finished());
  const SummaryRow& row = row_of(summary, "api", "*");
  EXPECT_EQ(value(row, "reported_cost"), 0.5);
  EXPECT_NEAR(value(row, "cost"), estimated, 1e-15);
  EXPECT_TRUE(has_note(row.notes, "the provider says that 1 attempts cost $0.5"));
  EXPECT_TRUE(has_note(row.notes, "the usage of 1 answers does not add up"));
  run.answer("api", "s/g", "b", "right", kStart);
  const Summary more = summarize(run.finished());
  EXPECT_EQ(maker(row_of(more, "api", "*"), "reported_cost"),
            "unknown: the provider reports the cost of 1 of 2 attempts");
}

TEST(Summary, ClustersRepeats) {
  SampleRun once;
  SampleRun thrice;
  for (SampleRun* run : {&once, &thrice}) run->system("api", ApiPricing{prices_of("1", "1")});
  for (int i = 0; i < 40; ++i) {
    const std::string outcome = i % 4 == 0 ? "wrong" : "right";
    once.answer("api", "s/g", std::to_string(i), outcome, kStart);
    for (int repeat = 0; repeat < 3; ++repeat) {
      Record& record = thrice.answer("api", "s/g", std::to_string(i), "", kStart);
      record.key.repeat = repeat;
      thrice.mark(record.key, outcome);
    }
  }
  const Summary of_one = summarize(once.finished());
  const Summary of_three = summarize(thrice.finished());
  const Metric* one = find_metric(row_of(of_one, "api", "s/g"), "accuracy");
  const Metric* three = find_metric(row_of(of_three, "api", "s/g"), "accuracy");
  EXPECT_EQ(*three->value, 0.75);
  EXPECT_NE(three->maker.find("clustered"), std::string::npos);
  // Asking the same thing thrice of a model that repeats itself adds nothing; Student's t in place
  // of the normal quantile widens by 4 %.
  EXPECT_NEAR((*three->high - *three->low) / (*one->high - *one->low), 1.04, 0.02);
}

TEST(Summary, ClustersSamplesThatTheSuiteTiesTogether) {
  SampleRun run;
  run.system("api", ApiPricing{prices_of("1", "1")});
  for (int i = 0; i < 20; ++i) {
    run.answer("api", "s/g", std::to_string(i), i < 10 ? "right" : "wrong", kStart);
    run.input.clusters["s"][std::to_string(i)] = "passage " + std::to_string(i / 5);
  }
  const Summary summary = summarize(run.finished());
  const Metric* accuracy = find_metric(row_of(summary, "api", "s/g"), "accuracy");
  EXPECT_NE(accuracy->maker.find("clustered"), std::string::npos);
  EXPECT_GT(*accuracy->high - *accuracy->low, 0.5);
}

TEST(Summary, ScoredContinuationsHaveNoTimesOfText) {
  SampleRun run;
  run.system("local", MachinePricing{machine_of("1")});
  Record& record = run.answer("local", "mc/likely", "a", "right", kStart);
  record.request.mode = Mode::kLoglikelihood;
  record.completion.usage.output.reset();
  record.completion.server.decode_s.reset();
  const Nanos done = record.completion.timeline.done;
  record.completion.timeline = {};
  record.completion.timeline.due = record.completion.timeline.sent = kStart;
  record.completion.timeline.done = done;
  const Summary summary = summarize(run.finished());
  const SummaryRow& row = row_of(summary, "local", "mc/likely");
  EXPECT_FALSE(find_metric(row, "ttft_p50")->value);
  EXPECT_FALSE(find_metric(row, "output_tokens_per_s")->value);
  EXPECT_EQ(value(row, "output_tokens"), 0);
  EXPECT_NEAR(value(row, "usd_per_mtok_input") * 10, value(row, "cost") * 1e6, 1e-12);
  EXPECT_EQ(maker(row, "usd_per_mtok_output"), "no such tokens");
}

TEST(Summary, SaysWhereUsageIsMissing) {
  SampleRun run = api_run();
  run.records[1].completion.usage = {};
  const Summary summary = summarize(run.finished());
  const SummaryRow& row = row_of(summary, "api", "*");
  EXPECT_FALSE(find_metric(row, "output_tokens_per_s")->value);
  EXPECT_EQ(maker(row, "output_tokens"), "unknown: 1 of 4 answers report no usage");
  EXPECT_FALSE(find_metric(row, "cost")->value);
}

TEST(Summary, PrintsWhereClientAndServerDisagree) {
  SampleRun run = api_run();
  EXPECT_FALSE(has_note(row_of(summarize(run.finished()), "api", "*").notes, "the client saw"));
  // One more token than pieces in each answer: the one that ended it.
  for (auto& record : run.records) record.completion.usage.output = 6;
  EXPECT_FALSE(has_note(row_of(summarize(run.finished()), "api", "*").notes, "the client saw"));
  run.records[0].completion.usage.output = 12;
  EXPECT_TRUE(has_note(row_of(summarize(run.finished()), "api", "*").notes,
                       "the client saw 20 pieces of text where usage says 30 output tokens"));
}

TEST(Summary, GivesAScoreToTheRequestThatWasSentAgain) {
  SampleRun run;
  run.system("api", ApiPricing{prices_of("1", "1")});
  run.failure("api", "s/g", "a", FailureClass::kCancelled, kStart);
  run.answer("api", "s/g", "a", "right", kStart + kSecond).session = 1;
  const Summary summary = summarize(run.finished());
  EXPECT_EQ(value(row_of(summary, "api", "*"), "total"), 1);
  EXPECT_EQ(value(row_of(summary, "api", "*"), "right"), 1);
  EXPECT_TRUE(has_note(row_of(summary, "api", "*").notes, "1 requests were cancelled"));
}

TEST(Summary, MarksTestDoubles) {
  SampleRun run = api_run();
  run.input.systems[0].facts.test_double = true;
  const Summary summary = summarize(run.finished());
  EXPECT_TRUE(summary.rows[0].test_double);
  EXPECT_TRUE(has_note(summary.rows[0].notes, "measure no model"));
}

TEST(Summary, GivesAP99From662SamplesOn) {
  SampleRun run;
  run.system("api", ApiPricing{prices_of("1", "1")});
  for (int i = 0; i < 661; ++i) {
    run.answer("api", "s/g", std::to_string(i), "right", kStart + i * kMillisecond);
  }
  EXPECT_FALSE(find_metric(row_of(summarize(run.finished()), "api", "*"), "e2el_p99")->value);
  run.answer("api", "s/g", "661", "right", kStart);
  const Summary summary = summarize(run.finished());
  const Metric* p99 = find_metric(row_of(summary, "api", "*"), "e2el_p99");
  EXPECT_NEAR(p99->value.value(), 0.019, 1e-12);
  EXPECT_TRUE(p99->high);
}

TEST(Summary, DoesNotHangOnTheJournalsOrder) {
  SampleRun run;
  run.system("api", ApiPricing{prices_of("0.3", "0.7")});
  run.system("local", MachinePricing{machine_of("0.08")});
  for (int i = 0; i < 60; ++i) {
    const std::string sample = std::to_string(i);
    Record& api = run.answer("api", "s/g", sample, i % 3 ? "right" : "wrong", kStart);
    api.completion.usage.input = 10 + i;
    run.answer("local", "s/g", sample, i % 2 ? "right" : "wrong", kStart + i * kMillisecond);
  }
  const std::string first = summary_to_json(summarize(run.finished())).dump();
  EXPECT_EQ(summary_to_json(summarize(run.finished())).dump(), first);
  Rng(3, "order").shuffle(run.scores);
  EXPECT_EQ(summary_to_json(summarize(run.finished())).dump(), first);
  std::stable_partition(run.records.begin(), run.records.end(),
                        [](const Record& record) { return record.key.system == "local"; });
  EXPECT_EQ(summary_to_json(summarize(run.finished())).dump(), first);
  std::stable_sort(run.records.begin(), run.records.end(), [](const Record& a, const Record& b) {
    return a.key.system == "api" && b.key.system == "api" && a.key.sample > b.key.sample;
  });
  EXPECT_EQ(summary_to_json(summarize(run.finished())).dump(), first);
}

}  // namespace
}  // namespace pingjia::harness

#include "harness/summary/spending.h"

#include <gtest/gtest.h>

#include "tests/harness/summary/sample_run.h"

namespace pingjia::harness {
namespace {

constexpr const char* kParts[] = {"cost_first_tries", "cost_reasoning", "cost_retries",
                                  "cost_failures", "cost_idle"};

double sum_of_parts(const SummaryRow& row) {
  double sum = 0;
  for (const char* tag : kParts) {
    const Metric* metric = find_metric(row, tag);
    if (metric->value) sum += *metric->value;
  }
  return sum;
}

void expect_parts_sum(const Summary& summary) {
  for (const auto& row : summary.rows) {
    EXPECT_NEAR(sum_of_parts(row), value(row, "cost"), 1e-15 + 1e-12 * value(row, "cost"))
        << row.system << " " << row.suite;
  }
}

// A first answer with reasoning; an answer after a timeout that was billed; a failure for good.
void add_attempts(SampleRun& run, const std::string& system) {
  run.answer(system, "s/generate", "a", "right", kStart).completion.usage.reasoning = 15;
  Record& failed = run.failure(system, "s/generate", "b", FailureClass::kTruncatedStream,
                               kStart + 40 * kMillisecond);
  failed.last_attempt = false;
  failed.completion.usage.input = 10;
  failed.completion.usage.output = 3;
  Record& again = run.answer(system, "s/generate", "b", "", kStart + 60 * kMillisecond);
  again.key.attempt = 1;
  again.completion.usage.reasoning = 5;
  run.mark(again.key, "wrong");
  Record& lost = run.failure(system, "t/generate", "c", FailureClass::kTimeoutTotal,
                             kStart + 100 * kMillisecond);
  lost.completion.usage.input = 10;
  lost.completion.usage.output = 0;
  run.mark(lost.key, "failed");
  run.answer(system, "t/generate", "d", "right", kStart + 150 * kMillisecond)
      .completion.usage.reasoning = 0;
  run.input.suites = {"s/generate", "t/generate"};
}

TEST(Spending, OfAnApiSumsToItsCost) {
  SampleRun run;
  run.system("api", ApiPricing{prices_of("1", "10")});
  add_attempts(run, "api");
  const Summary summary = summarize(run.finished());
  expect_parts_sum(summary);
  const SummaryRow& all = row_of(summary, "api", "*");
  // Microdollars: 10 of input at 1 and 5 of output at 10, twice.
  EXPECT_NEAR(value(all, "cost_first_tries"), 120e-6, 1e-15);
  EXPECT_NEAR(value(all, "cost_reasoning"), 150e-6, 1e-15);
  EXPECT_NEAR(value(all, "cost_retries"), 110e-6, 1e-15);
  EXPECT_NEAR(value(all, "cost_failures"), 50e-6, 1e-15);
  EXPECT_EQ(value(all, "cost_idle"), 0);
}

TEST(Spending, OfAMachineSumsToItsCost) {
  SampleRun run;
  run.system("local", MachinePricing{machine_of("3.60")});
  add_attempts(run, "local");
  // Two at once, so that shares of time are halves.
  run.answer("local", "t/generate", "e", "right", kStart + 155 * kMillisecond)
      .completion.usage.reasoning = 5;
  const Summary summary = summarize(run.finished());
  expect_parts_sum(summary);
  const SummaryRow& all = row_of(summary, "local", "*");
  // A microdollar is a millisecond. Sent to done: 18 + 5 + 18 + 5 + 23 ms in a window of 173.
  EXPECT_NEAR(value(all, "cost"), 173e-6, 1e-12);
  EXPECT_NEAR(value(all, "cost_idle"), 104e-6, 1e-12);
  EXPECT_NEAR(value(all, "cost_idle"), value(all, "cost") - value(all, "cost_active"), 1e-12);
  EXPECT_NEAR(value(all, "cost_failures"), 10e-6, 1e-12);
  EXPECT_NEAR(value(all, "cost_retries"), 18e-6, 1e-12);
  // Three quarters of a's time of writing, 30 of 40 ms by the engine, and half of e's.
  EXPECT_NEAR(value(all, "cost_reasoning"), (18 * 0.75 * 0.75 + 11.5 * 0.75 * 0.5) * 1e-6, 1e-12);
}

TEST(Spending, IsExactInPicodollars) {
  SampleRun run;
  SystemInput& system = run.system("local", MachinePricing{machine_of("3.33")});
  (void)system;
  add_attempts(run, "local");
  for (std::size_t i = 0; i < run.records.size(); ++i) {
    run.records[i].completion.timeline.done += static_cast<Nanos>(7 * i + 1);
  }
  for (const RowFacts& row : gather_rows(run.finished())) {
    EXPECT_EQ(spending_of(row).total(), row.cost.total()) << row.suite;
  }
}

TEST(Spending, SuitesSumToTheWhole) {
  for (const bool hourly : {false, true}) {
    SampleRun run;
    if (hourly) {
      run.system("x", MachinePricing{machine_of("3.60")});
    } else {
      run.system("x", ApiPricing{prices_of("1", "10")});
    }
    add_attempts(run, "x");
    const Summary summary = summarize(run.finished());
    for (const char* tag : kParts) {
      EXPECT_NEAR(value(row_of(summary, "x", "s/generate"), tag) +
                      value(row_of(summary, "x", "t/generate"), tag),
                  value(row_of(summary, "x", "*"), tag), 1e-15)
          << tag;
    }
  }
}

TEST(Spending, ReasoningThatIsNotToldStaysInFirstTries) {
  SampleRun run;
  run.system("api", ApiPricing{prices_of("1", "10")});
  add_attempts(run, "api");
  run.records[0].completion.usage.reasoning.reset();
  const Summary summary = summarize(run.finished());
  const SummaryRow& all = row_of(summary, "api", "*");
  EXPECT_FALSE(find_metric(all, "cost_reasoning")->value);
  EXPECT_EQ(maker(all, "cost_reasoning").rfind("unknown: 1 of 2 first answers do not say", 0), 0U);
  expect_parts_sum(summary);
}

TEST(Spending, ReasoningWithoutTimesIsUnknownByTheHour) {
  SampleRun run;
  run.system("local", MachinePricing{machine_of("3.60")});
  add_attempts(run, "local");
  run.records[0].completion.server = {};
  run.records[0].completion.timeline.arrivals.resize(1);
  const Summary summary = summarize(run.finished());
  EXPECT_FALSE(find_metric(row_of(summary, "local", "*"), "cost_reasoning")->value);
  expect_parts_sum(summary);
}

TEST(Spending, UnknownCostHasUnknownParts) {
  SampleRun run;
  run.system("x", UnknownPricing{"nobody said"});
  add_attempts(run, "x");
  const Summary summary = summarize(run.finished());
  const SummaryRow& all = row_of(summary, "x", "*");
  for (const char* tag : kParts) {
    EXPECT_FALSE(find_metric(all, tag)->value) << tag;
    EXPECT_EQ(maker(all, tag), "unknown: nobody said") << tag;
  }
  EXPECT_EQ(maker(all, "cache_savings"), "unknown: nobody said");
}

SampleRun cached_run(const std::string& read, const std::string& written) {
  SampleRun run;
  PriceRow prices = prices_of("1", "10");
  const auto set = [&](Leaf leaf, const std::string& price) {
    if (!price.empty()) prices.prices[static_cast<std::size_t>(leaf)] = parse_price(price, "t");
  };
  set(Leaf::kCacheRead, read);
  set(Leaf::kCacheWrite5m, written);
  run.system("api", ApiPricing{prices});
  run.input.suites = {"s/generate"};
  Usage& first = run.answer("api", "s/generate", "a", "right", kStart).completion.usage;
  first.cache_write_5m = 100;
  first.cache_read = 0;
  Usage& second = run.answer("api", "s/generate", "b", "right", 2 * kStart).completion.usage;
  second.cache_read = 100;
  return run;
}

TEST(CacheSavings, AreLessWhatWritingTheCacheCost) {
  SampleRun run = cached_run("0.1", "1.25");
  const Summary summary = summarize(run.finished());
  EXPECT_NEAR(value(row_of(summary, "api", "*"), "cache_savings"), (90 - 25) * 1e-6, 1e-15);
}

TEST(CacheSavings, AreUnknownWithoutBothPrices) {
  SampleRun run = cached_run("0.1", "");
  const auto unpriced = row_of(summarize(run.finished()), "api", "*");
  EXPECT_FALSE(find_metric(unpriced, "cache_savings")->value);
  SampleRun local = cached_run("0.1", "1.25");
  local.input.systems[0].pricing = MachinePricing{machine_of("1")};
  EXPECT_EQ(maker(row_of(summarize(local.finished()), "api", "*"), "cache_savings"),
            "billed by the hour: no price of cached input");
  SampleRun unsaid = cached_run("0.1", "1.25");
  unsaid.records[0].completion.usage.cache_read.reset();
  EXPECT_EQ(maker(row_of(summarize(unsaid.finished()), "api", "*"), "cache_savings"),
            "unknown: 1 answers do not say what was read from cache");
}

// The rate of a machine over its tokens per second is what a million of them cost.
TEST(SpeedByDevice, GivesThePriceOfTheMachine) {
  SampleRun run;
  Hardware machine = machine_of("3.60");
  machine.gpus = 2;
  run.system("local", MachinePricing{machine});
  add_attempts(run, "local");
  const Summary summary = summarize(run.finished());
  for (const auto& row : summary.rows) {
    const double usd_per_gpu_hour = 1.80;
    EXPECT_NEAR(usd_per_gpu_hour / 3600 / value(row, "output_tokens_per_s_per_gpu") * 1e6,
                value(row, "usd_per_mtok_output_double_charged"), 1e-6)
        << row.suite;
    EXPECT_FALSE(find_metric(row, "output_tokens_per_s_per_core")->value);
  }
  // Five tokens, a piece every 2 ms.
  EXPECT_NEAR(value(row_of(summary, "local", "t/generate"), "output_tokens_per_s_per_user"), 500,
              1e-6);
}

TEST(SpeedByDevice, OfAMachineWithoutGpuIsByCore) {
  SampleRun run;
  Hardware machine = machine_of("3.60");
  machine.gpus = 0;
  run.system("local", MachinePricing{machine});
  run.system("api", ApiPricing{prices_of("1", "10")});
  add_attempts(run, "local");
  add_attempts(run, "api");
  const Summary summary = summarize(run.finished());
  const SummaryRow& local = row_of(summary, "local", "*");
  EXPECT_EQ(maker(local, "output_tokens_per_s_per_gpu"), "the machine has no GPU");
  EXPECT_GT(value(local, "output_tokens_per_s_per_core"), 0);
  EXPECT_EQ(maker(row_of(summary, "api", "*"), "output_tokens_per_s_per_gpu"),
            "unknown: no hardware is given");
}

}  // namespace
}  // namespace pingjia::harness

#include <gtest/gtest.h>

#include "tests/harness/summary/sample_run.h"

namespace pingjia::harness {
namespace {

// One second of serving, 45 ms of it with a request, of three reserved.
SampleRun rented_run() {
  SampleRun run;
  Hardware machine = machine_of("3.60");
  machine.gpus = 2;
  machine.usd_per_hour_low = parse_usd("1.80", "t");
  machine.usd_per_hour_high = parse_usd("7.20", "t");
  machine.offers = 9;
  SystemInput& system = run.system("local", MachinePricing{machine});
  SessionInput session;
  session.opened = kStart - kSecond;
  session.ready = kStart;
  session.closed = kStart + 2 * kSecond;
  system.sessions = {session};
  run.input.suites = {"s/generate", "t/generate"};
  run.answer("local", "s/generate", "a", "right", kStart);
  run.answer("local", "s/generate", "b", "wrong", kStart + 9 * kMillisecond);
  run.answer("local", "t/generate", "a", "right", kStart + 982 * kMillisecond);
  return run;
}

TEST(SummaryHardware, ShowsThreeViewsOfGpuTime) {
  SampleRun run = rented_run();
  const Summary summary = summarize(run.finished());
  const SummaryRow& all = row_of(summary, "local", "*");
  EXPECT_NEAR(value(all, "gpu_hours_reserved"), 2 * 3.0 / 3600, 1e-12);
  EXPECT_NEAR(value(all, "gpu_hours"), 2 * 1.0 / 3600, 1e-12);
  EXPECT_NEAR(value(all, "gpu_hours_active"), 2 * 0.045 / 3600, 1e-12);
  EXPECT_NEAR(value(all, "gpu_hours_active") + value(all, "gpu_hours_idle"),
              value(all, "gpu_hours"), 1e-15);
  EXPECT_NEAR(value(all, "utilisation"), 0.045, 1e-12);
  const SummaryRow& s = row_of(summary, "local", "s/generate");
  const SummaryRow& t = row_of(summary, "local", "t/generate");
  for (const char* tag : {"gpu_hours_active", "gpu_hours_idle", "cost_active"}) {
    EXPECT_NEAR(value(s, tag) + value(t, tag), value(all, tag), 1e-15) << tag;
  }
  EXPECT_FALSE(find_metric(s, "gpu_hours_reserved")->value);
}

TEST(SummaryHardware, DividesServingHoursByRightAnswers) {
  SampleRun run = rented_run();
  for (int i = 0; i < 8; ++i) {
    run.answer("local", "s/generate", "r" + std::to_string(i), "right",
               kStart + (100 + 50 * i) * kMillisecond);
  }
  const Summary summary = summarize(run.finished());
  const SummaryRow& all = row_of(summary, "local", "*");
  // One second, ten right answers, two GPUs.
  EXPECT_NEAR(value(all, "serving_hours"), 1.0 / 3600, 1e-15);
  EXPECT_NEAR(value(all, "machine_hours_per_million_correct"), 1e6 / 3600 / 10, 1e-9);
  EXPECT_NEAR(value(all, "gpu_hours_per_million_correct"), 2e6 / 3600 / 10, 1e-9);
  const Metric* hours = find_metric(all, "machine_hours_per_million_correct");
  const Metric* gpu_hours = find_metric(all, "gpu_hours_per_million_correct");
  ASSERT_TRUE(hours->low && hours->high && gpu_hours->low);
  EXPECT_LT(*hours->low, *hours->value);
  EXPECT_GT(*hours->high, *hours->value);
  EXPECT_NEAR(*gpu_hours->low, 2 * *hours->low, 1e-9);
}

TEST(SummaryHardware, HoursPerCorrectSayWhyThereAreNone) {
  SampleRun run = rented_run();
  run.scores.clear();
  Summary summary = summarize(run.finished());
  EXPECT_EQ(maker(row_of(summary, "local", "*"), "machine_hours_per_million_correct"),
            "nothing was marked");
  run.mark(run.records[0].key, "wrong");
  summary = summarize(run.finished());
  EXPECT_NE(maker(row_of(summary, "local", "*"), "gpu_hours_per_million_correct").find("unbounded"),
            std::string::npos);
  std::get<MachinePricing>(run.input.systems[0].pricing).hardware.gpus = 0;
  run.mark(run.records[1].key, "right");
  summary = summarize(run.finished());
  const SummaryRow& all = row_of(summary, "local", "*");
  EXPECT_EQ(maker(all, "gpu_hours_per_million_correct"), "the machine has no GPU");
  // One right answer is too few to tell their number from none.
  EXPECT_TRUE(find_metric(all, "machine_hours_per_million_correct")->value);
  EXPECT_FALSE(find_metric(all, "machine_hours_per_million_correct")->low);
}

TEST(SummaryHardware, CostsActiveServingAndReservedTime) {
  SampleRun run = rented_run();
  const Summary summary = summarize(run.finished());
  const SummaryRow& all = row_of(summary, "local", "*");
  EXPECT_NEAR(value(all, "machine_rate"), 3.6, 1e-12);
  EXPECT_NEAR(value(all, "cost_active"), 0.000045, 1e-12);
  EXPECT_NEAR(value(all, "cost"), 0.001, 1e-12);
  EXPECT_NEAR(value(all, "cost_reserved"), 0.003, 1e-12);
}

TEST(SummaryHardware, CarriesTheBandOfRates) {
  SampleRun run = rented_run();
  const Summary summary = summarize(run.finished());
  const SummaryRow& all = row_of(summary, "local", "*");
  EXPECT_NEAR(value(all, "usd_per_correct_low_rate"), value(all, "usd_per_correct") / 2, 1e-15);
  EXPECT_NEAR(value(all, "usd_per_correct_high_rate"), value(all, "usd_per_correct") * 2, 1e-15);
  EXPECT_EQ(maker(all, "usd_per_correct_low_rate").rfind("at the cheapest of 9 offers, $1.8/h", 0),
            0);
  EXPECT_NE(maker(all, "machine_rate").find("offers from $1.8 to $7.2"), std::string::npos);
  std::get<MachinePricing>(run.input.systems[0].pricing).hardware.usd_per_hour_low.reset();
  EXPECT_FALSE(
      find_metric(row_of(summarize(run.finished()), "local", "*"), "usd_per_correct_low_rate")
          ->value);
}

TEST(SummaryHardware, ChargesTwiceOnlyUnderThatName) {
  SampleRun run = rented_run();
  const Summary summary = summarize(run.finished());
  const SummaryRow& all = row_of(summary, "local", "*");
  EXPECT_NEAR(value(all, "usd_per_mtok_input_double_charged"), 0.001 / 30 * 1e6, 1e-9);
  EXPECT_NEAR(value(all, "usd_per_mtok_output_double_charged"), 0.001 / 15 * 1e6, 1e-9);
  EXPECT_NEAR(value(all, "usd_per_mtok_input") * 30 + value(all, "usd_per_mtok_output") * 15, 1e3,
              1e-9);
}

TEST(SummaryHardware, SaysHowFarStepTimesMissTheBusyTime) {
  SampleRun run = rented_run();
  for (auto& record : run.records) record.completion.server = {0.0, 0.005, 0.010, "worker", true};
  EXPECT_NEAR(value(row_of(summarize(run.finished()), "local", "*"), "attribution_closing_error"),
              0, 1e-9);
}

// llama-server says how long each request took while it served others: no division of the machine.
TEST(SummaryHardware, TimesOfRequestsThatOverlapDivideNothing) {
  SampleRun run = rented_run();
  for (auto& record : run.records) record.completion.server = {0.0, 5, 10, "llama-server timings"};
  const Summary summary = summarize(run.finished());
  const SummaryRow& all = row_of(summary, "local", "*");
  EXPECT_FALSE(find_metric(all, "attribution_closing_error")->value);
  EXPECT_NE(maker(all, "usd_per_mtok_input").find("an estimate"), std::string::npos);
}

TEST(SummaryHardware, FallsBackToTheFirstTokenOfStreams) {
  SampleRun run = rented_run();
  for (auto& record : run.records) record.completion.server = {};
  const Summary summary = summarize(run.finished());
  const SummaryRow& all = row_of(summary, "local", "*");
  // 10 of 18 ms before the first token, of each.
  EXPECT_NEAR(value(all, "usd_per_mtok_input"), 0.001 * 10 / 18 / 30 * 1e6, 1e-6);
  EXPECT_NE(maker(all, "usd_per_mtok_input").find("an estimate"), std::string::npos);
  EXPECT_FALSE(find_metric(all, "attribution_closing_error")->value);
  run.records[1].completion.timeline.arrivals.resize(1);
  EXPECT_FALSE(
      find_metric(row_of(summarize(run.finished()), "local", "*"), "usd_per_mtok_input")->value);
}

TEST(SummaryHardware, AnApiHasNone) {
  SampleRun run = api_run();
  const Summary summary = summarize(run.finished());
  const SummaryRow& all = row_of(summary, "api", "*");
  for (const char* tag : {"machine_rate", "cost_active", "cost_reserved", "gpu_hours_active",
                          "usd_per_mtok_input_double_charged", "usd_per_correct_low_rate",
                          "serving_hours", "machine_hours_per_million_correct"}) {
    EXPECT_FALSE(find_metric(all, tag)->value) << tag;
  }
}

}  // namespace
}  // namespace pingjia::harness

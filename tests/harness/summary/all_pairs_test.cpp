#include "harness/summary/all_pairs.h"

#include <gtest/gtest.h>

#include "harness/summary/comparison.h"
#include "tests/harness/summary/sample_run.h"

namespace pingjia::harness {
namespace {

// a is right on 90 of 100, b on 88 of the same, c on 40; a token of a costs twice what b's does.
SampleRun three_systems() {
  SampleRun run;
  run.system("a", ApiPricing{prices_of("2", "2")});
  run.system("b", ApiPricing{prices_of("1", "1")});
  run.system("c", UnknownPricing{"?"});
  run.input.suites = {"s/g"};
  for (int i = 0; i < 100; ++i) {
    const std::string sample = std::to_string(i);
    run.answer("a", "s/g", sample, i < 90 ? "right" : "wrong", kSecond);
    run.answer("b", "s/g", sample, i < 88 ? "right" : "wrong", kSecond);
    run.answer("c", "s/g", sample, i < 40 ? "right" : "wrong", kSecond);
  }
  return run;
}

const Metric& metric(const std::vector<Metric>& metrics, std::string_view tag) {
  const Metric* found = find_metric(metrics, tag);
  if (found == nullptr) throw std::runtime_error("no metric " + std::string(tag));
  return *found;
}

TEST(CompareAll, HasEveryPairOnceWithTheNumbersOfTheComparison) {
  SampleRun run = three_systems();
  const SummaryInput& input = run.finished();
  const auto rows = compare_all(input);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].a + rows[0].b, "ab");
  EXPECT_EQ(rows[1].a + rows[1].b, "ac");
  EXPECT_EQ(rows[2].a + rows[2].b, "bc");
  const ComparisonRow all = compare({&input, "a", "a"}, {&input, "b", "b"}).rows.back();
  const Metric& difference = metric(rows[0].metrics, "difference");
  EXPECT_EQ(difference.value, all.difference);
  EXPECT_EQ(difference.low, all.interval->low);
  EXPECT_EQ(metric(rows[0].metrics, "p_value").value, all.p_value);
  EXPECT_EQ(metric(rows[0].metrics, "only_a").value, 2);
  EXPECT_NEAR(metric(rows[0].metrics, "cost_ratio").value.value(), 2.0 * 88 / 90, 1e-9);
}

TEST(CompareAll, AnUnknownCostHasNoRatioAndSaysWhy) {
  SampleRun run = three_systems();
  const auto rows = compare_all(run.finished());
  EXPECT_FALSE(metric(rows[1].metrics, "cost_ratio").value);
  EXPECT_NE(metric(rows[1].metrics, "cost_ratio").maker.find("unknown"), std::string::npos);
}

TEST(CompareAll, StopsAtTheMostThatATableHolds) {
  SampleRun run;
  run.input.suites = {"s/g"};
  for (int i = 0; i < 14; ++i) {
    const std::string name = std::to_string(i);
    run.system(name, UnknownPricing{"?"});
    run.answer(name, "s/g", "q", "right", kSecond);
  }
  EXPECT_EQ(compare_all(run.finished()).size(), kMostCompared * (kMostCompared - 1) / 2);
}

TEST(ParityMarks, AreAgainstTheMostAccurate) {
  SampleRun run = three_systems();
  const Summary summary = summarize(run.finished());
  EXPECT_EQ(summary.parity.reference, "a");
  EXPECT_EQ(summary.parity.margin, 0.02);
  ASSERT_EQ(summary.parity.marks.size(), 2U);
  EXPECT_EQ(summary.parity.marks[0].system, "b");
  EXPECT_EQ(summary.parity.marks[0].verdict, "undecided");
  EXPECT_NEAR(metric(summary.parity.marks[0].metrics, "difference").value.value(), -0.02, 1e-12);
  EXPECT_EQ(summary.parity.marks[1].verdict, "worse");
}

TEST(ParityMarks, OfOneSystemAreNone) {
  SampleRun run = api_run();
  EXPECT_TRUE(summarize(run.finished()).parity.reference.empty());
}

TEST(UsdPerTask, IsEveryAttemptsCostOverTheQuestions) {
  SampleRun run = three_systems();
  const Summary summary = summarize(run.finished());
  const SummaryRow& row = row_of(summary, "a", "*");
  EXPECT_NEAR(value(row, "usd_per_task"), value(row, "cost") / 100, 1e-15);
  EXPECT_NEAR(value(row, "output_tokens_per_answer"), 5, 1e-12);
}

}  // namespace
}  // namespace pingjia::harness

#include "harness/summary/comparison.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/stats/paired.h"
#include "tests/harness/summary/sample_run.h"

namespace pingjia::harness {
namespace {

// a is right on the first 30 of 40, b on 6 to 27: 5 only a at the start, 3 at the end, none only b.
SampleRun two_systems() {
  SampleRun run;
  run.system("a", ApiPricing{prices_of("2", "2")});
  run.system("b", ApiPricing{prices_of("1", "1")});
  run.input.suites = {"s/g"};
  for (int i = 0; i < 40; ++i) {
    const std::string sample = std::to_string(i);
    run.answer("a", "s/g", sample, i < 30 ? "right" : "wrong", kSecond);
    run.answer("b", "s/g", sample, i >= 5 && i < 27 ? "right" : "parse_failed", kSecond);
  }
  return run;
}

Comparison compare_in(SampleRun& run) {
  const SummaryInput& input = run.finished();
  return compare({&input, "a", "A"}, {&input, "b", "B"});
}

TEST(Compare, PairsByQuestion) {
  SampleRun run = two_systems();
  const Comparison result = compare_in(run);
  ASSERT_EQ(result.rows.size(), 2U);
  const ComparisonRow& row = result.rows[0];
  EXPECT_EQ(row.suite, "s/g");
  EXPECT_EQ(row.paired, 40);
  EXPECT_EQ(row.only_a, 8);
  EXPECT_EQ(row.only_b, 0);
  EXPECT_EQ(row.accuracy_a, 0.75);
  EXPECT_EQ(row.accuracy_b, 0.55);
  EXPECT_NEAR(row.difference.value(), 0.2, 1e-12);
  const PairedCounts counts{22, 8, 0, 10};
  EXPECT_EQ(row.p_value, mcnemar_exact(counts));
  EXPECT_EQ(row.interval->low, newcombe_paired(counts).low);
  EXPECT_GT(row.minimum_detectable.value(), 0.1);
  EXPECT_EQ(row.flips.size(), 8U);
  EXPECT_EQ(row.flips[0].sample, "0");
  EXPECT_EQ(row.flips[0].outcome_a, "right");
  EXPECT_EQ(row.flips[0].outcome_b, "parse_failed");
  EXPECT_EQ(result.rows[1].suite, "*");
  EXPECT_TRUE(result.notes.empty());
}

// a costs twice as much a token and is right 30 against 22 times: 2 * 22 / 30.
TEST(Compare, GivesTheRatioOfCostPerRightAnswer) {
  SampleRun run = two_systems();
  const Comparison result = compare_in(run);
  const ComparisonRow& row = result.rows[0];
  EXPECT_NEAR(row.cost_ratio.value(), 2 * 22.0 / 30, 1e-9);
  EXPECT_LT(row.cost_ratio_interval->low, *row.cost_ratio);
  EXPECT_GT(row.cost_ratio_interval->high, *row.cost_ratio);
}

TEST(Compare, KnowsNoRatioWithoutAPrice) {
  SampleRun run = two_systems();
  run.input.systems[1].pricing = UnknownPricing{"?"};
  EXPECT_FALSE(compare_in(run).rows[0].cost_ratio);
}

TEST(Compare, LeavesOutWhatHasNoCounterpart) {
  SampleRun run = two_systems();
  run.answer("a", "s/g", "only a", "right", kSecond);
  Record& failed = run.failure("b", "s/g", "failed", FailureClass::kServer, kSecond);
  run.mark(failed.key, "failed");
  run.answer("a", "s/g", "failed", "right", kSecond);
  run.answer("b", "s/g", "only b", "right", kSecond);
  const Comparison result = compare_in(run);
  EXPECT_EQ(result.rows[0].paired, 40);
  EXPECT_EQ(result.rows[0].unpaired, 3);
  EXPECT_EQ(result.notes.size(), 1U);
}

TEST(Compare, LeavesOutQuestionsPutInOtherWords) {
  SampleRun run = two_systems();
  run.records[0].request.messages[0].content += "?";
  const Comparison result = compare_in(run);
  EXPECT_EQ(result.rows[0].paired, 39);
  EXPECT_EQ(result.rows[0].other_prompt, 1);
}

TEST(Compare, SaysWhatMadeAnAnswerFlip) {
  SampleRun run = two_systems();
  run.finished();
  const auto row = compare_in(run).rows[0];
  ASSERT_FALSE(row.flips.empty());
  const auto sample = row.flips[0].sample;
  EXPECT_FALSE(row.flips[0].prompt_changed);
  for (auto& record : run.records) {
    if (record.key.system == "a" && record.key.sample == sample) {
      record.request.messages[0].content += "?";
      record.completion.text += " otherwise";
    }
  }
  const auto otherwise = compare_in(run);
  for (const auto& flip : otherwise.rows[0].flips) {
    if (flip.sample != sample) continue;
    EXPECT_EQ(flip.why(), "prompt");
    EXPECT_TRUE(flip.text_changed);
  }
}

TEST(Compare, ClustersRepeats) {
  SampleRun run = two_systems();
  for (int i = 0; i < 40; ++i) {
    for (const char* system : {"a", "b"}) {
      Record& record = run.answer(system, "s/g", std::to_string(i), "", kSecond);
      record.key.repeat = 1;
      const bool right = system[0] == 'a' ? i < 30 : i >= 5 && i < 27;
      run.mark(record.key, right ? "right" : "wrong");
    }
  }
  const Comparison result = compare_in(run);
  const ComparisonRow& row = result.rows[0];
  EXPECT_EQ(row.paired, 80);
  EXPECT_NEAR(row.difference.value(), 0.2, 1e-12);
  EXPECT_FALSE(row.p_value);
  EXPECT_LT(row.interval->low, 0.2);
  EXPECT_GT(row.interval->low, 0);
}

TEST(Compare, RefusesWhatCannotBePaired) {
  SampleRun run = two_systems();
  const SummaryInput& input = run.finished();
  EXPECT_THROW(compare({&input, "a", "A"}, {&input, "nobody", "N"}), Error);
  SampleRun other;
  other.system("a", UnknownPricing{"?"});
  other.input.suites = {"t/g"};
  other.answer("a", "t/g", "x", "right", kSecond);
  const SummaryInput& second = other.finished();
  EXPECT_THROW(compare({&input, "a", "A"}, {&second, "a", "N"}), Error);
}

TEST(Compare, IsTheSameEveryTime) {
  SampleRun run = two_systems();
  const auto json = to_json(compare_in(run));
  EXPECT_EQ(json.at("schema_version"), 1);
  EXPECT_EQ(to_json(compare_in(run)).dump(), json.dump());
  EXPECT_EQ(json.at("rows").at(0).at("flips").size(), 8U);
}

}  // namespace
}  // namespace pingjia::harness

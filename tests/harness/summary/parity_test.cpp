#include "harness/summary/parity.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/stats/noninferiority.h"
#include "tests/harness/summary/sample_run.h"

namespace pingjia::harness {
namespace {

// Of `n` questions the reference "dear" is right on the first 80 %; "cheap" too, but for `lost` of
// them, and on `won` more. A token of dear costs twenty times as much.
void add_model(SampleRun& run, const std::string& name, const std::string& price, int n, int lost,
               int won) {
  run.system(name, ApiPricing{prices_of(price, price)});
  for (int i = 0; i < n; ++i) {
    const bool right = i < n * 8 / 10 ? i >= lost : i < n * 8 / 10 + won;
    run.answer(name, "s/g", std::to_string(i), right ? "right" : "wrong", kSecond);
  }
}

SampleRun dear_and_cheap(int n, int lost, int won) {
  SampleRun run;
  run.input.suites = {"s/g"};
  add_model(run, "dear", "20", n, 0, 0);
  add_model(run, "cheap", "1", n, lost, won);
  return run;
}

Parity judge(SampleRun& run, const std::vector<std::string>& models, double margin = 0.02) {
  const SummaryInput& input = run.finished();
  std::vector<ComparedSystem> compared;
  for (const auto& model : models) compared.push_back({&input, model, model});
  ParityOptions options;
  options.margin = margin;
  return judge_parity({&input, "dear", "dear"}, compared, options);
}

TEST(Parity, SaysNotWorseWithTheTestsOwnNumbers) {
  SampleRun run = dear_and_cheap(1000, 6, 4);
  const Parity parity = judge(run, {"cheap"});
  const ParityRow& row = parity.rows.at(0);
  EXPECT_EQ(row.verdict, ParityVerdict::kNotWorse);
  EXPECT_EQ(row.paired, 1000);
  EXPECT_EQ(row.only_model, 4);
  EXPECT_EQ(row.only_reference, 6);
  EXPECT_NEAR(row.accuracy_reference, 0.8, 1e-12);
  EXPECT_NEAR(row.accuracy_model, 0.798, 1e-12);
  const MarginTest test = test_margin({794, 4, 6, 196}, 0.02);
  EXPECT_EQ(row.p_not_worse, test.p_not_worse);
  EXPECT_EQ(row.interval->low, test.interval.low);
  EXPECT_EQ(row.p_equivalent, test.p_equivalent);
  EXPECT_FALSE(row.deciding);
  EXPECT_EQ(parity.suites, std::vector<std::string>{"s/g"});
  EXPECT_TRUE(parity.notes.empty());
}

// 15 tokens an answer at $1 and $20 per Mtok; 798 and 800 right.
TEST(Parity, GivesBothRatios) {
  SampleRun run = dear_and_cheap(1000, 6, 4);
  const ParityRow row = judge(run, {"cheap"}).rows.at(0);
  EXPECT_NEAR(row.per_token.value.value(), 1.0 / 20, 1e-12);
  EXPECT_NEAR(row.per_token.interval->low, 1.0 / 20, 1e-12);
  EXPECT_NEAR(row.per_correct.value.value(), 800.0 / 798 / 20, 1e-12);
  EXPECT_LT(row.per_correct.interval->low, 800.0 / 798 / 20);
  EXPECT_GT(row.per_correct.interval->high, 800.0 / 798 / 20);
  EXPECT_NEAR(row.per_correct.interval->low, 0.05, 0.001);
}

TEST(Parity, SaysWorseAndUndecided) {
  SampleRun worse = dear_and_cheap(1000, 80, 0);
  EXPECT_EQ(judge(worse, {"cheap"}).rows[0].verdict, ParityVerdict::kWorse);
  SampleRun open = dear_and_cheap(200, 6, 4);
  const ParityRow row = judge(open, {"cheap"}).rows[0];
  EXPECT_EQ(row.verdict, ParityVerdict::kUndecided);
  // Variance 0.0575, distance 0.01 - one tenth of a point is known only from 200 questions.
  EXPECT_GT(row.deciding.value(), 2000);
  EXPECT_LT(row.deciding.value(), 10000);
}

// Worse than the reference for certain, but by less than the margin: a wide margin takes it.
TEST(Parity, AsksForTheMarginAlone) {
  SampleRun run = dear_and_cheap(1000, 30, 0);
  EXPECT_EQ(judge(run, {"cheap"}, 0.025).rows[0].verdict, ParityVerdict::kUndecided);
  EXPECT_EQ(judge(run, {"cheap"}, 0.05).rows[0].verdict, ParityVerdict::kNotWorse);
  EXPECT_EQ(judge(run, {"cheap"}, 0.01).rows[0].verdict, ParityVerdict::kWorse);
}

// A verdict that one model alone gets falls among many like it.
TEST(Parity, CorrectsByHolmOverTheModels) {
  SampleRun run = dear_and_cheap(190, 0, 0);
  std::vector<std::string> models{"cheap"};
  const ParityRow alone = judge(run, models).rows[0];
  EXPECT_EQ(alone.verdict, ParityVerdict::kNotWorse);
  for (int i = 0; i < 3; ++i) {
    models.push_back("other" + std::to_string(i));
    add_model(run, models.back(), "1", 190, 30, 0);
  }
  const Parity all = judge(run, models);
  EXPECT_NEAR(all.rows[0].p_not_worse, 4 * alone.p_not_worse, 1e-12);
  EXPECT_EQ(all.rows[0].verdict, ParityVerdict::kUndecided);
  EXPECT_EQ(all.rows[1].verdict, ParityVerdict::kWorse);
  EXPECT_EQ(all.rows[3].verdict, ParityVerdict::kWorse);
}

TEST(Parity, LeavesOutOtherPromptsAndRefusesWhereFewRemain) {
  SampleRun run = dear_and_cheap(1000, 6, 4);
  for (int i = 0; i < 400; ++i)
    run.records[static_cast<std::size_t>(i)].request.messages[0].content += "?";
  const Parity some = judge(run, {"cheap"});
  EXPECT_EQ(some.rows[0].paired, 600);
  EXPECT_EQ(some.rows[0].other_prompt, 400);
  EXPECT_EQ(some.notes.size(), 1U);
  for (int i = 400; i < 501; ++i)
    run.records[static_cast<std::size_t>(i)].request.messages[0].content += "?";
  const ParityRow most = judge(run, {"cheap"}).rows[0];
  EXPECT_EQ(most.verdict, ParityVerdict::kRefused);
  EXPECT_NE(most.why.find("501 of 1000"), std::string::npos) << most.why;
  run.input.systems.push_back({});
  run.input.systems.back().name = "silent";
  EXPECT_EQ(judge(run, {"silent"}).rows[0].verdict, ParityVerdict::kRefused);
}

TEST(Parity, KnowsNoRatioWithoutPricesOrOverWhatIsFree) {
  SampleRun run = dear_and_cheap(100, 2, 2);
  run.input.systems[1].pricing = UnknownPricing{"no price was given"};
  const ParityRow unknown = judge(run, {"cheap"}).rows[0];
  EXPECT_FALSE(unknown.per_correct.value);
  EXPECT_NE(unknown.per_correct.why.find("100 of 100"), std::string::npos);
  run.input.systems[1].pricing = ApiPricing{prices_of("1", "1")};
  run.input.systems[0].pricing = ApiPricing{prices_of("0", "0")};
  EXPECT_FALSE(judge(run, {"cheap"}).rows[0].per_token.value);
}

// Five repeats that always agree: the questions count, not the answers.
TEST(Parity, ClustersRepeats) {
  SampleRun run = dear_and_cheap(100, 0, 0);
  for (int repeat = 1; repeat < 5; ++repeat) {
    for (const char* system : {"dear", "cheap"}) {
      for (int i = 0; i < 100; ++i) {
        Record& record = run.answer(system, "s/g", std::to_string(i), "", kSecond);
        record.key.repeat = repeat;
        run.mark(record.key, i < 80 ? "right" : "wrong");
      }
    }
  }
  const ParityRow row = judge(run, {"cheap"}).rows[0];
  EXPECT_EQ(row.paired, 500);
  EXPECT_EQ(row.verdict, ParityVerdict::kUndecided);
  EXPECT_NE(row.method.find("clustered by sample"), std::string::npos);
  EXPECT_GT(row.deciding.value(), 500);
}

TEST(Parity, TakesTheSuitesAskedFor) {
  SampleRun run = dear_and_cheap(100, 0, 0);
  run.answer("dear", "t/g", "1", "right", kSecond);
  run.answer("cheap", "t/g", "1", "wrong", kSecond);
  EXPECT_EQ(judge(run, {"cheap"}).rows[0].paired, 101);
  EXPECT_EQ(judge(run, {"cheap"}).rows[0].suites.size(), 2U);
  const SummaryInput& input = run.finished();
  ParityOptions options{0.02, 0.95, [](const std::string& suite) { return suite == "s/g"; }};
  const std::vector<ComparedSystem> models{{&input, "cheap", "cheap"}};
  EXPECT_EQ(judge_parity({&input, "dear", "dear"}, models, options).rows[0].paired, 100);
  const std::vector<ComparedSystem> nobody{{&input, "nobody", "nobody"}};
  EXPECT_THROW(judge_parity({&input, "dear", "dear"}, nobody, options), Error);
}

TEST(Parity, IsTheSameEveryTimeAsJson) {
  SampleRun run = dear_and_cheap(300, 2, 2);
  const auto json = to_json(judge(run, {"cheap"}));
  EXPECT_EQ(to_json(judge(run, {"cheap"})).dump(), json.dump());
  EXPECT_EQ(json.at("schema_version"), 1);
  const auto& row = json.at("rows").at(0);
  EXPECT_EQ(row.at("verdict"), "not worse");
  EXPECT_TRUE(row.at("deciding_questions").is_null());
  EXPECT_NEAR(row.at("cost_per_correct_ratio").at("value").get<double>(), 1.0 / 20, 1e-9);
}

}  // namespace
}  // namespace pingjia::harness

#include "adapters/replay.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/version.h"
#include "harness/record/record.h"
#include "tests/adapters/answers.h"
#include "tests/fake_loop.h"

namespace pingjia::adapters {
namespace {

using harness::FailureClass;
using harness::kMillisecond;
using nlohmann::json;

class ReplayTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("replay_test." + std::to_string(getpid()) + "." +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
    std::ofstream records(folder_ / "records.jsonl");
    records << json{{"schema_version", 1}, {"type", "header"}, {"environment", json::object()}}
            << "\n";
    records << to_json(record("old", "s1", "4")) << "\n";
    auto failed = record("old", "s2", "");
    failed.completion.failure = harness::Failure{FailureClass::kRateLimit, 429, "slow down", 1.5};
    records << to_json(failed) << "\n" << to_json(record("other", "s1", "5")) << "\n";
    auto cancelled = record("old", "s3", "");
    cancelled.completion.failure = harness::Failure{FailureClass::kCancelled, 0, "", {}};
    records << to_json(cancelled) << "\n";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static harness::Record record(const std::string& system, const std::string& sample,
                                const std::string& text) {
    harness::Record record;
    record.key = {system, "arithmetic/generate", sample, 0, 0};
    record.request.messages = {{"user", "2+2="}};
    auto& completion = record.completion;
    completion.text = text;
    completion.finish = harness::Finish::kStop;
    completion.usage.output = 1;
    completion.usage.maker = "worker";
    completion.timeline.due = 5000;
    completion.timeline.sent = 5000;
    completion.timeline.first_token = 5000 + 20 * kMillisecond;
    completion.timeline.last_token = 5000 + 30 * kMillisecond;
    completion.timeline.done = 5000 + 31 * kMillisecond;
    completion.timeline.arrivals = {{5000 + 20 * kMillisecond, 1}, {5000 + 30 * kMillisecond, 2}};
    return record;
  }

  std::unique_ptr<harness::Adapter> replay(json options) {
    options["records"] = folder_.string();
    harness::AdapterContext context{loop_, {}, "test.json", "", "", "", "new"};
    return make_replay(options, context);
  }

  void submit(harness::Adapter& adapter, const std::string& sample, harness::Nanos timeout = 0) {
    auto request = question("new|arithmetic/generate|" + sample + "|0|0", "2+2=");
    request.timeout = timeout;
    adapter.submit(request, answers_);
  }

  const harness::Completion& answer(const std::string& sample) {
    return answers_.by_id.at("new|arithmetic/generate|" + sample + "|0|0");
  }

  void run() {
    while (loop_.turn(std::numeric_limits<harness::Nanos>::max())) {
    }
  }

  harness::FakeLoop loop_;
  std::filesystem::path folder_;
  Answers answers_;
};

TEST_F(ReplayTest, AnswersWithRecordedTextAndTiming) {
  const auto old = replay({{"system", "old"}});
  const harness::Facts facts = old->open(1);
  EXPECT_TRUE(facts.generates);
  EXPECT_FALSE(facts.scores_continuations);
  const auto sent = loop_.now();
  submit(*old, "s1");
  EXPECT_TRUE(answers_.by_id.empty());
  run();
  EXPECT_EQ(loop_.now(), sent + 31 * kMillisecond);
  EXPECT_EQ(answer("s1").text, "4");
  EXPECT_EQ(answer("s1").usage.output, 1);
  const auto& timeline = answer("s1").timeline;
  EXPECT_EQ(timeline.sent, sent);
  EXPECT_EQ(timeline.first_token, sent + 20 * kMillisecond);
  EXPECT_EQ(timeline.arrivals[1].at, sent + 30 * kMillisecond);
  EXPECT_EQ(timeline.done, sent + 31 * kMillisecond);
  EXPECT_FALSE(timeline.first_byte.has_value());
}

TEST_F(ReplayTest, AtOnceAnswersNowAndIsMarked) {
  std::ofstream(folder_ / "sessions.jsonl")
      << json{{"system", "old"}, {"facts", {{"model", "m"}, {"test_double", false}}}} << "\n";
  const auto old = replay({{"system", "old"}, {"timing", "at_once"}});
  EXPECT_TRUE(old->open(1).test_double);
  const auto sent = loop_.now();
  submit(*old, "s1");
  run();
  const auto& timeline = answer("s1").timeline;
  EXPECT_EQ(timeline.done, sent);
  EXPECT_EQ(timeline.first_token, sent);
  ASSERT_EQ(timeline.arrivals.size(), 1u);
  EXPECT_EQ(timeline.arrivals[0].events, 3);
}

TEST_F(ReplayTest, FailuresAreReplayedAndTheUnknownIsNotFound) {
  const auto old = replay({{"system", "old"}});
  old->open(1);
  for (const char* sample : {"s2", "s3", "s4"}) submit(*old, sample);
  run();
  EXPECT_EQ(answer("s2").failure->kind, FailureClass::kRateLimit);
  EXPECT_EQ(answer("s2").failure->retry_after_s, 1.5);
  EXPECT_EQ(answer("s3").failure->kind, FailureClass::kNotFound);  // Cancelled is no answer.
  EXPECT_EQ(answer("s4").failure->kind, FailureClass::kNotFound);
}

// A run that was interrupted and resumed: its second attempt is the answer.
TEST_F(ReplayTest, TheLastAttemptAnswersWhateverItsNumber) {
  auto retried = record("old", "s3", "9");
  retried.key.attempt = 1;
  auto first = record("old", "s5", "");
  first.last_attempt = false;
  first.completion.failure = harness::Failure{FailureClass::kOverloaded, 503, "busy", {}};
  auto second = record("old", "s5", "8");
  second.key.attempt = 1;
  auto third = record("old", "s5", "");
  third.key.attempt = 2;
  third.completion.failure = harness::Failure{FailureClass::kCancelled, 0, "", {}};
  std::ofstream records(folder_ / "records.jsonl", std::ios::app);
  // Not in the order of their attempts: a journal has the order of answers.
  for (const auto& each : {retried, second, first, third}) records << to_json(each) << "\n";
  records.close();
  const auto old = replay({{"system", "old"}});
  old->open(1);
  for (const char* sample : {"s3", "s5"}) submit(*old, sample);
  run();
  EXPECT_EQ(answer("s3").text, "9");
  EXPECT_EQ(answer("s5").text, "8");
  // A replay that is resumed itself asks under another number.
  old->submit(question("new|arithmetic/generate|s1|0|7", "2+2="), answers_);
  run();
  EXPECT_EQ(answers_.by_id.at("new|arithmetic/generate|s1|0|7").text, "4");
}

TEST_F(ReplayTest, OriginSaysWhatTheModelWas) {
  EXPECT_TRUE(replay({{"system", "old"}})->open(1).test_double);  // Nobody vouches for it.
  std::ofstream(folder_ / "sessions.jsonl")
      << json{{"system", "other"}, {"facts", {{"model", "x"}, {"test_double", true}}}} << "\n"
      << json{{"system", "old"},
              {"facts",
               {{"engine", "llama.cpp"},
                {"model", "m"},
                {"device", "CPU"},
                {"test_double", false}}}}
      << "\n";
  const auto facts = replay({{"system", "old"}})->open(1);
  EXPECT_EQ(facts.model, "m");
  EXPECT_EQ(facts.device, "CPU");
  EXPECT_EQ(facts.engine_version, harness::kVersion);
  EXPECT_EQ(json::parse(facts.details).at("origin").at("engine"), "llama.cpp");
  EXPECT_FALSE(facts.test_double);
  EXPECT_TRUE(replay({{"system", "other"}})->open(1).test_double);
}

TEST_F(ReplayTest, TimeoutAndCancelEndARequestOnce) {
  const auto old = replay({{"system", "old"}});
  old->open(1);
  submit(*old, "s1", 10 * kMillisecond);
  submit(*old, "s2");
  old->cancel("new|arithmetic/generate|s2|0|0");
  run();
  EXPECT_EQ(answer("s1").failure->kind, FailureClass::kTimeoutTotal);
  EXPECT_EQ(answer("s2").failure->kind, FailureClass::kCancelled);
}

TEST_F(ReplayTest, MissingFilesAndSystemsAreErrors) {
  EXPECT_THROW(replay({{"timing", "slowly"}}), harness::Error);
  EXPECT_THROW(replay(json::object())->open(1), harness::Error);  // Two systems, neither ours.
  EXPECT_THROW(replay({{"system", "odl"}})->open(1), harness::Error);
  std::filesystem::remove(folder_ / "records.jsonl");
  EXPECT_THROW(replay(json::object()), harness::Error);
}

}  // namespace
}  // namespace pingjia::adapters

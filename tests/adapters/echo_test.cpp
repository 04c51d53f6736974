#include "adapters/echo.h"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "tests/adapters/answers.h"
#include "tests/fake_loop.h"

namespace pingjia::adapters {
namespace {

using harness::FailureClass;
using harness::Finish;
using harness::kMillisecond;
using nlohmann::json;

class EchoTest : public testing::Test {
 protected:
  std::unique_ptr<harness::Adapter> echo(const json& options) {
    harness::AdapterContext context{loop_, {}, "test.json", "", "", "", "null"};
    auto made = make_echo(options, context);
    EXPECT_TRUE(made->open(4).test_double);
    return made;
  }

  void run() {
    while (loop_.turn(std::numeric_limits<harness::Nanos>::max())) {
    }
  }

  harness::FakeLoop loop_;
  Answers answers_;
};

TEST_F(EchoTest, AnswersWithTheQuestionInALaterTurn) {
  const auto null = echo(json::object());
  const auto now = loop_.now();
  null->submit(question("1", "what is  this"), answers_);
  EXPECT_TRUE(answers_.by_id.empty());
  run();
  const auto& completion = answers_.by_id.at("1");
  EXPECT_EQ(completion.text, "what is  this");
  EXPECT_EQ(completion.finish, Finish::kStop);
  EXPECT_EQ(completion.usage.input, 3);
  EXPECT_EQ(completion.usage.output, 3);
  EXPECT_EQ(completion.timeline.sent, now);
  EXPECT_EQ(completion.timeline.done, now);
  ASSERT_EQ(completion.timeline.arrivals.size(), 1u);
  EXPECT_EQ(completion.timeline.arrivals[0].events, 3);
}

TEST_F(EchoTest, DelayAndIntervalAreKeptByTheLoopsClock) {
  const auto null = echo({{"text", "a b c"}, {"delay_ms", 100}, {"interval_ms", 10}});
  const auto sent = loop_.now();
  null->submit(question("1", "?"), answers_);
  run();
  const auto& timeline = answers_.by_id.at("1").timeline;
  EXPECT_EQ(timeline.first_token, sent + 100 * kMillisecond);
  EXPECT_EQ(timeline.last_token, sent + 120 * kMillisecond);
  EXPECT_EQ(timeline.done, sent + 120 * kMillisecond);
  EXPECT_EQ(timeline.arrivals.size(), 3u);
}

TEST_F(EchoTest, TokensCutTheTextIntoThatManyPieces) {
  const auto null = echo({{"text", "äöüäöü"}, {"tokens", 4}});
  null->submit(question("1", "?"), answers_);
  null->submit(question("2", "?", 2), answers_);
  run();
  EXPECT_EQ(answers_.by_id.at("1").text, "äöüäöü");
  EXPECT_EQ(answers_.by_id.at("1").usage.output, 4);
  EXPECT_EQ(answers_.by_id.at("2").text, "äöü");
  EXPECT_EQ(answers_.by_id.at("2").finish, Finish::kLength);
}

TEST_F(EchoTest, StopStringsEndTheText) {
  const auto null = echo({{"text", "42\nbecause"}});
  auto request = question("1", "?");
  request.sampling.stop = {"because", "\n"};
  null->submit(request, answers_);
  run();
  EXPECT_EQ(answers_.by_id.at("1").text, "42");
}

TEST_F(EchoTest, EveryNthRequestFails) {
  const auto null = echo({{"fail_every", 3}, {"fail_class", "rate_limit"}});
  for (int i = 1; i <= 6; ++i) null->submit(question(std::to_string(i), "?"), answers_);
  run();
  for (int i = 1; i <= 6; ++i) {
    const auto& failure = answers_.by_id.at(std::to_string(i)).failure;
    ASSERT_EQ(failure.has_value(), i % 3 == 0);
    if (failure) {
      EXPECT_EQ(failure->kind, FailureClass::kRateLimit);
    }
  }
}

TEST_F(EchoTest, ChoosesTheContinuationItIsTold) {
  const auto null = echo({{"choose", 1}});
  auto request = question("1", "?");
  request.mode = harness::Mode::kLoglikelihood;
  request.continuations = {"A", "B", "C"};
  null->submit(request, answers_);
  run();
  const auto& scores = answers_.by_id.at("1").scores;
  ASSERT_EQ(scores.size(), 3u);
  EXPECT_GT(scores[1].loglikelihood, scores[0].loglikelihood);
  EXPECT_TRUE(scores[1].greedy);
  EXPECT_FALSE(scores[2].greedy);
}

TEST_F(EchoTest, TimeoutAndCancelEndARequestOnce) {
  const auto null = echo({{"delay_ms", 1000}});
  auto request = question("1", "?");
  request.timeout = 10 * kMillisecond;
  const auto sent = loop_.now();
  null->submit(request, answers_);
  null->submit(question("2", "?"), answers_);
  null->cancel("2");
  run();
  EXPECT_EQ(answers_.by_id.at("1").failure->kind, FailureClass::kTimeoutTotal);
  EXPECT_EQ(answers_.by_id.at("1").timeline.done, sent + 10 * kMillisecond);
  EXPECT_EQ(answers_.by_id.at("2").failure->kind, FailureClass::kCancelled);
}

TEST_F(EchoTest, BadOptionsAreErrors) {
  EXPECT_THROW(echo({{"delay", 3}}), harness::Error);
  EXPECT_THROW(echo({{"tokens", 0}}), harness::Error);
  EXPECT_THROW(echo({{"fail_class", "bad luck"}}), harness::Error);
}

}  // namespace
}  // namespace pingjia::adapters

// What the openai adapter makes of a server, a network and a loop that misbehave.

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "tests/adapters/openai_fixture.h"

namespace pingjia::adapters {
namespace {

using harness::Completion;
using harness::FailureClass;
using harness::Finish;
using nlohmann::json;

TEST_F(OpenAiTest, CutInsideAnEventIsATruncatedStream) {
  expect_failure(stream_reply(kEvents.substr(0, 200)), FailureClass::kTruncatedStream);
}

TEST_F(OpenAiTest, ConnectionClosedInsideTheBodyIsATruncatedStream) {
  Script script = stream_reply(kEvents.substr(0, 300), 50);
  script.back() = {"", {}, Step::Then::kClose};
  expect_failure(script, FailureClass::kTruncatedStream);
}

TEST_F(OpenAiTest, ResetInsideTheBodyIsATruncatedStream) {
  Script script = stream_reply(kEvents.substr(0, 300), 50);
  script.back() = {"", std::chrono::milliseconds(20), Step::Then::kReset};
  expect_failure(script, FailureClass::kTruncatedStream);
}

TEST_F(OpenAiTest, ResetBeforeTheReplyIsAConnectFailure) {
  expect_failure({{"", {}, Step::Then::kReset}}, FailureClass::kConnect);
}

TEST_F(OpenAiTest, EmptyReplyIsATruncatedStream) {
  expect_failure(stream_reply(""), FailureClass::kTruncatedStream);
}

TEST_F(OpenAiTest, GarbageIsAProtocolFailure) {
  expect_failure({{"\x01\x02garbage without head\r\n\r\n", {}, Step::Then::kClose}},
                 FailureClass::kProtocol);
  expect_failure(stream_reply("<html>a proxy's page</html>"), FailureClass::kProtocol);
  expect_failure(stream_reply("data: {\"choices\":[{\"delta\"\n\ndata: [DONE]\n\n"),
                 FailureClass::kProtocol);
  expect_failure(whole_reply(200, "application/json", "{\"choices\": [}"), FailureClass::kProtocol);
}

TEST_F(OpenAiTest, SilenceIsAnIdleTimeout) {
  expect_failure({{"", {}, Step::Then::kHold}}, FailureClass::kTimeoutIdle,
                 {{"idle_timeout_s", 0.05}});
}

TEST_F(OpenAiTest, StallInsideTheStreamIsAnIdleTimeoutThatKeepsTheText) {
  Script script = stream_reply(kEvents.substr(0, 220));
  script.back() = {"", {}, Step::Then::kHold};
  const Completion completion = ask(script, {{"idle_timeout_s", 0.05}});
  ASSERT_TRUE(completion.failure.has_value());
  EXPECT_EQ(completion.failure->kind, FailureClass::kTimeoutIdle);
  EXPECT_EQ(completion.text, "For");
}

TEST_F(OpenAiTest, KeepAliveCommentsAloneAreAnIdleTimeoutOfContent) {
  Script script{{http_head(200, "text/event-stream", "Transfer-Encoding: chunked\r\n") + "\r\n"}};
  for (int i = 0; i < 400; ++i) {
    script.push_back({http_chunk(": keep-alive\n\n"), std::chrono::milliseconds(5)});
  }
  expect_failure(script, FailureClass::kTimeoutIdle,
                 {{"idle_timeout_s", 10}, {"content_timeout_s", 0.1}});
}

TEST_F(OpenAiTest, RequestsOwnLimitIsATotalTimeoutThoughNothingCame) {
  ScriptedServer server([](const SeenRequest&) { return Script{{"", {}, Step::Then::kHold}}; });
  open(server.url());
  auto request = question("q");
  request.timeout = 50 * harness::kMillisecond;
  const Completion completion = answer_to(request);
  ASSERT_TRUE(completion.failure.has_value());
  EXPECT_EQ(completion.failure->kind, FailureClass::kTimeoutTotal);
  adapter->close();
}

TEST_F(OpenAiTest, RequestsOwnLimitIsATotalTimeout) {
  ScriptedServer server([](const SeenRequest&) -> Script { return {{"", {}, Step::Then::kHold}}; });
  open(server.url());
  auto request = question("q");
  request.timeout = 30 * harness::kMillisecond;
  const Completion completion = answer_to(request);
  EXPECT_EQ(completion.failure->kind, FailureClass::kTimeoutTotal);
}

TEST_F(OpenAiTest, SlowHeadIsWaitedFor) {
  Script script = stream_reply(kEvents);
  script.insert(script.begin(), Step{"", std::chrono::milliseconds(60)});
  expect_forty(ask(script, {{"idle_timeout_s", 5}}));
}

// The real loop until a test closes its ears: as when descriptors run out.
class DeafLoop final : public harness::Loop {
 public:
  harness::Nanos now() const override { return loop_.now(); }
  harness::TimerId call_at(harness::Nanos due, std::function<void()> call) override {
    return loop_.call_at(due, std::move(call));
  }
  void cancel(harness::TimerId timer) override { loop_.cancel(timer); }
  void watch(int descriptor, unsigned interest, std::function<void(unsigned)> ready) override {
    if (deaf) throw harness::Error("event loop", "epoll_ctl failed", "raise the limit");
    loop_.watch(descriptor, interest, std::move(ready));
  }
  void unwatch(int descriptor) override { loop_.unwatch(descriptor); }
  bool turn(harness::Nanos deadline) override { return loop_.turn(deadline); }

  bool deaf = false;

 private:
  harness::EpollLoop loop_;
};

TEST_F(OpenAiTest, ASocketThatCannotBeWatchedFailsItsRequestAlone) {
  // The first answer must be waited for: one that is there already needs no watching.
  ScriptedServer server([](const SeenRequest& request) {
    const bool first = request.body.find("first") != std::string::npos;
    return first ? Script{{"", {}, Step::Then::kHold}} : stream_reply(kEvents);
  });
  DeafLoop deaf_loop;
  harness::AdapterContext here{deaf_loop, context().environment, "test", ".", ".", ".", "api"};
  const auto deaf_adapter =
      make_openai({{"base_url", server.url() + "/v1"}, {"model", "tiny"}}, here);
  deaf_adapter->open(1);
  const auto ask_again = [&](const std::string& id) {
    auto request = question(id);
    request.messages[0].content = id;
    deaf_adapter->submit(request, answers);
    const auto deadline = deaf_loop.now() + 30 * harness::kSecond;
    while (!answers.by_id.contains(id) && deaf_loop.now() < deadline) deaf_loop.turn(deadline);
    return answers.by_id[id];
  };
  deaf_loop.deaf = true;
  const Completion failed = ask_again("first");
  ASSERT_TRUE(failed.failure.has_value());
  EXPECT_EQ(failed.failure->kind, FailureClass::kConnect);
  EXPECT_NE(failed.failure->message.find("epoll_ctl failed"), std::string::npos);
  deaf_loop.deaf = false;
  EXPECT_FALSE(ask_again("second").failure.has_value());
  deaf_adapter->close();
}

TEST_F(OpenAiTest, NoProxyIsHonoured) {
  // The proxy sees whole addresses, and answers for everybody; the host itself does not exist.
  ScriptedServer proxy([](const SeenRequest&) { return stream_reply(kEvents); });
  environment["http_proxy"] = proxy.url();
  open("http://model.invalid");
  EXPECT_FALSE(answer_to(question("q")).failure.has_value());
  EXPECT_EQ(proxy.seen().back().path, "http://model.invalid/v1/chat/completions");
  adapter->close();
  environment["no_proxy"] = "other.example,.invalid";
  EXPECT_THROW(open("http://model.invalid"), harness::Error);
}

TEST_F(OpenAiTest, CloseDeliversNothing) {
  ScriptedServer server([](const SeenRequest&) { return Script{{"", {}, Step::Then::kHold}}; });
  open(server.url());
  {
    Answers gone;
    auto refused = question("r");
    refused.mode = harness::Mode::kLoglikelihood;
    adapter->submit(refused, gone);
    adapter->submit(question("q"), gone);
  }
  adapter->close();
  while (loop.turn(loop.now() + harness::kSecond)) {
  }
}

}  // namespace
}  // namespace pingjia::adapters

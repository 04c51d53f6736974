#include "adapters/openai.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/table.h"
#include "harness/base/error.h"
#include "tests/adapters/openai_fixture.h"

namespace pingjia::adapters {
namespace {

using harness::Completion;
using harness::FailureClass;
using harness::Finish;
using nlohmann::json;

TEST_F(OpenAiTest, StreamsAnAnswerOnAWarmConnection) {
  ScriptedServer server([](const SeenRequest&) { return stream_reply(kEvents); });
  open(server.url());
  const Completion completion = answer_to(question("q"));
  expect_forty(completion);
  EXPECT_TRUE(completion.reused_connection);
  EXPECT_EQ(server.connections(), 1);
  const auto& timeline = completion.timeline;
  EXPECT_LE(timeline.sent, *timeline.first_byte);
  EXPECT_LE(*timeline.first_byte, *timeline.first_event);
  EXPECT_LE(*timeline.first_event, *timeline.first_token);
  EXPECT_EQ(timeline.first_token, timeline.first_visible);
  EXPECT_LE(*timeline.last_token, timeline.done);
  std::int32_t events = 0;
  for (const auto& arrival : timeline.arrivals) events += arrival.events;
  EXPECT_EQ(events, 2);

  const auto seen = server.seen();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].path, "/v1/models");
  EXPECT_EQ(seen[1].path, "/v1/chat/completions");
  EXPECT_EQ(seen[1].headers.at("authorization"), std::string("Bearer ") + kKey);
  EXPECT_EQ(seen[1].headers.at("accept-encoding"), "identity");
  EXPECT_FALSE(seen[1].headers.contains("expect"));
  const json body = json::parse(seen[1].body);
  EXPECT_EQ(body["model"], "tiny");
  EXPECT_EQ(body["max_tokens"], 16);
  EXPECT_EQ(body["stream_options"]["include_usage"], true);
  EXPECT_EQ(body["messages"][0]["content"], "What is 6*7?");
}

TEST_F(OpenAiTest, OneByteWritesGiveTheSameAnswer) {
  expect_forty(ask(stream_reply(kEvents, 1)));
}

TEST_F(OpenAiTest, EveryPlaceToCutInTwoGivesTheSameAnswer) {
  std::size_t cut = 0;
  ScriptedServer server([&cut](const SeenRequest&) {
    Script script = stream_reply("");
    script.pop_back();
    if (cut > 0) script.push_back({http_chunk(kEvents.substr(0, cut))});
    script.push_back({http_chunk(kEvents.substr(cut))});
    script.push_back({http_chunk("")});
    return script;
  });
  open(server.url());
  for (cut = 0; cut < kEvents.size(); cut += 7) {
    expect_forty(answer_to(question("cut " + std::to_string(cut))));
  }
  EXPECT_EQ(server.connections(), 1) << "every request uses the one connection again";
}

TEST_F(OpenAiTest, PoolIsWarmBeforeTheFirstRequest) {
  ScriptedServer server([](const SeenRequest&) { return stream_reply(kEvents, 40); });
  open(server.url(), json::object(), 8);
  EXPECT_EQ(json::parse(facts.details)["connections_warmed"], 8);
  const int before = server.connections();
  EXPECT_EQ(before, 8);
  for (int i = 0; i < 8; ++i) adapter->submit(question(std::to_string(i)), answers);
  wait(8);
  for (const auto& [id, completion] : answers.by_id) {
    expect_forty(completion);
    EXPECT_TRUE(completion.reused_connection);
  }
  EXPECT_EQ(server.connections(), before);
}

TEST_F(OpenAiTest, WholeReply) {
  const std::string body =
      R"({"model":"tiny-1","choices":[{"index":0,"message":{"role":"assistant","content":"Forty é"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12,"prompt_tokens_details":{"cached_tokens":4}}})";
  expect_forty(ask(whole_reply(200, "application/json", body), {{"stream", false}}));
}

TEST_F(OpenAiTest, WholeReplyToAStreamingRequestAfterBlankLinesAndWithAWrongType) {
  const std::string body =
      "\n\n\n"
      R"({"model":"tiny-1","choices":[{"message":{"content":"Forty é"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":4}}})";
  expect_forty(ask(whole_reply(200, "application/octet-stream", body)));
}

TEST_F(OpenAiTest, StreamWithoutDoneIsFineAndNoted) {
  const std::string events = kEvents.substr(0, kEvents.find("data: [DONE]"));
  const Completion completion = ask(stream_reply(events));
  expect_forty(completion);
  EXPECT_EQ(completion.notes, std::vector<std::string>{"no [DONE]"});
}

TEST_F(OpenAiTest, StreamEndedByClosing) {
  expect_forty(
      ask({{http_head(200, "text/event-stream", "Connection: close\r\n") + "\r\n" + kEvents,
            {},
            Step::Then::kClose}}));
}

TEST_F(OpenAiTest, ServerThatKeepsTheStreamOpenAfterItsLastWord) {
  Script script = stream_reply(kEvents);
  script.pop_back();
  script.push_back({"", {}, Step::Then::kHold});
  expect_forty(ask(script, {{"idle_timeout_s", 0.05}}));
}

TEST_F(OpenAiTest, CancelEndsARequestOnce) {
  ScriptedServer server([](const SeenRequest&) -> Script { return {{"", {}, Step::Then::kHold}}; });
  open(server.url());
  adapter->submit(question("q"), answers);
  adapter->cancel("q");
  adapter->cancel("q");
  adapter->cancel("never sent");
  EXPECT_TRUE(answers.by_id.empty()) << "the answer comes in a later turn";
  wait(1);
  EXPECT_EQ(answers.by_id["q"].failure->kind, FailureClass::kCancelled);
}

TEST_F(OpenAiTest, RateLimitCarriesTheServersHint) {
  const std::string body =
      R"({"error":{"message":"slow down","type":"requests","code":"rate_limit_exceeded"}})";
  const Completion completion =
      ask(whole_reply(429, "application/json", body, "Retry-After: 7\r\nretry-after-ms: 1500\r\n"));
  EXPECT_EQ(completion.failure->kind, FailureClass::kRateLimit);
  EXPECT_EQ(completion.failure->http_status, 429);
  EXPECT_DOUBLE_EQ(*completion.failure->retry_after_s, 1.5);
  EXPECT_EQ(completion.failure->message, "slow down");
}

TEST_F(OpenAiTest, ServerErrorAndOverload) {
  expect_failure(whole_reply(500, "text/plain", "oops"), FailureClass::kServer);
  expect_failure(whole_reply(503, "text/html", "<h1>no</h1>"), FailureClass::kOverloaded);
  expect_failure(whole_reply(307, "text/plain", "", "Location: http://127.0.0.1:1/\r\n"),
                 FailureClass::kProtocol);
}

TEST_F(OpenAiTest, ErrorsInsideAStreamOfStatus200) {
  const std::string first = kEvents.substr(0, kEvents.find("\n\n") + 2);
  expect_failure(
      stream_reply(first + R"(data: {"error":{"message":"m","type":"server_error"}})" + "\n\n"),
      FailureClass::kServer);
  expect_failure(
      stream_reply(first + R"(data: {"object":"error","message":"too busy","code":503})" +
                   "\n\ndata: [DONE]\n\n"),
      FailureClass::kOverloaded);
  expect_failure(stream_reply(first + "event: error\ndata: {\"message\":\"m\",\"code\":429}\n\n"),
                 FailureClass::kRateLimit);
}

TEST_F(OpenAiTest, KeyThatTheServerRepeatsIsTakenOut) {
  const std::string body =
      std::string(R"({"error":{"message":"bad key )") + kKey + R"(","code":"invalid_api_key"}})";
  expect_failure(whole_reply(401, "application/json", body), FailureClass::kAuth);
  const std::string echo = std::string(R"(data: {"choices":[{"delta":{"content":"your key is )") +
                           kKey + R"("},"finish_reason":"stop"}]})" + "\n\ndata: [DONE]\n\n";
  EXPECT_EQ(ask(stream_reply(echo)).text, "your key is [key]");
}

TEST_F(OpenAiTest, LoglikelihoodIsUnsupportedAndAnsweredLater) {
  ScriptedServer server([](const SeenRequest&) { return stream_reply(kEvents); });
  open(server.url());
  auto request = question("q");
  request.mode = harness::Mode::kLoglikelihood;
  request.continuations = {"A", "B"};
  EXPECT_EQ(answer_to(request).failure->kind, FailureClass::kUnsupported);
}

// The real loop until a test closes its ears: as when descriptors run out.
TEST_F(OpenAiTest, RefusedKeyIsFoundBeforeTheFirstRequest) {
  ScriptedServer server([](const SeenRequest&) { return stream_reply(kEvents); },
                        [](const SeenRequest&) { return whole_reply(401, "text/plain", "no"); });
  try {
    open(server.url());
    FAIL() << "opened with a refused key";
  } catch (const harness::Error& error) {
    EXPECT_NE(std::string(error.what()).find("TEST_KEY"), std::string::npos) << error.what();
    EXPECT_EQ(std::string(error.what()).find(kKey), std::string::npos);
  }
}

TEST_F(OpenAiTest, UnreachableServerIsFoundBeforeTheFirstRequest) {
  EXPECT_THROW(open("http://127.0.0.1:1"), harness::Error);
}

TEST_F(OpenAiTest, LoopbackNeedsNoKey) {
  ScriptedServer server([](const SeenRequest&) { return stream_reply(kEvents); });
  adapter = make_openai({{"base_url", server.url() + "/v1"}, {"model", "m"}}, context());
  adapter->open(1);
  expect_forty(answer_to(question("q")));
  EXPECT_FALSE(server.seen().back().headers.contains("authorization"));
}

}  // namespace
}  // namespace pingjia::adapters

#include "adapters/wire/openai_chat.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "harness/base/rng.h"

namespace pingjia::adapters {
namespace {

using harness::Completion;
using harness::FailureClass;
using harness::Finish;
using nlohmann::json;

std::string event(const std::string& data) {
  return "data: " + data + "\n\n";
}

std::string delta(const std::string& fields, const std::string& finish = "null") {
  return event(R"({"choices":[{"index":0,"delta":{)" + fields + R"(},"finish_reason":)" + finish +
               "}]}");
}

const std::string kDone = "data: [DONE]\n\n";

std::string usage_event(const std::string& usage) {
  return event(R"({"choices":[],"usage":)" + usage + "}");
}

TEST(OpenAiChatEncode, SendsOnlyWhatIsAsked) {
  harness::Request request;
  request.messages = {{"system", "be brief"}, {"user", "hi \xFF"}};
  request.sampling.max_tokens = 5;
  request.sampling.seed = 0x1'2345'6789ULL;
  OpenAiChatStyle style;
  style.model = "m";
  const json body = json::parse(encode_openai_chat(request, style));
  EXPECT_EQ(body, json::parse(R"({"model":"m","messages":[{"role":"system","content":"be brief"},
      {"role":"user","content":"hi \ufffd"}],"max_tokens":5,"temperature":0.0,"seed":591751049,
      "stream":true,"stream_options":{"include_usage":true}})"));
}

TEST(OpenAiChatEncode, FollowsTheStyle) {
  harness::Request request;
  request.messages = {{"user", "hi"}};
  request.sampling = {7, 0.5, 0.9, 40, 3, {"\n"}};
  OpenAiChatStyle style;
  style.model = "m";
  style.max_tokens_field = "max_completion_tokens";
  style.seed_field = "random_seed";
  style.top_k_field = "top_k";
  style.stream = false;
  style.extra_body = R"({"temperature":null,"reasoning":{"effort":"low"}})";
  const json body = json::parse(encode_openai_chat(request, style));
  EXPECT_EQ(body, json::parse(R"({"model":"m","messages":[{"role":"user","content":"hi"}],
      "max_completion_tokens":7,"top_p":0.9,"top_k":40,"random_seed":3,"stop":["\n"],
      "reasoning":{"effort":"low"}})"));
}

TEST(OpenAiChatDecode, ReasoningInBothSpellingsStaysApartFromText) {
  const Completion completion = decode_openai(
      delta(R"("role":"assistant","content":"")") + delta(R"("reasoning_content":"think ")") +
      delta(R"("reasoning":"hard")") + delta(R"("content":null,"reasoning_content":null)") +
      delta(R"("content":"yes")", R"("stop")") + kDone);
  EXPECT_FALSE(completion.failure);
  EXPECT_EQ(completion.reasoning, "think hard");
  EXPECT_EQ(completion.text, "yes");
}

TEST(OpenAiChatDecode, SameReasoningUnderTwoNamesCountsOnce) {
  const Completion completion = decode_openai(delta(R"("reasoning":"a","reasoning_content":"a")") +
                                              delta("", R"("stop")") + kDone);
  EXPECT_EQ(completion.reasoning, "a");
}

TEST(OpenAiChatDecode, MistralContentIsAnArrayOfParts) {
  const Completion completion = decode_openai(
      delta(
          R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"4"}])") +
      delta(R"("content":"2")", R"("stop")") + kDone);
  EXPECT_EQ(completion.reasoning, "hm");
  EXPECT_EQ(completion.text, "42");
}

TEST(OpenAiChatDecode, KeysInAnyOrderAndOtherChoicesIgnored) {
  const Completion completion = decode_openai(
      event(
          R"({"choices":[{"finish_reason":null,"delta":{"content":"a"},"index":0},{"delta":{"content":"no"},"index":1}]})") +
      event(R"({"choices":[{"delta":{"content":"no"},"index":1,"finish_reason":"length"}]})") +
      event(R"({"choices":[{"finish_reason":"stop","delta":{"content":"b"},"index":0}]})") + kDone);
  EXPECT_EQ(completion.text, "ab");
  EXPECT_EQ(completion.finish, Finish::kStop);
}

struct FinishCase {
  const char* raw;
  Finish finish;
};

class OpenAiFinish : public ::testing::TestWithParam<FinishCase> {};

TEST_P(OpenAiFinish, IsMappedAndKept) {
  const Completion completion =
      decode_openai(delta(R"("content":"x")", "\"" + std::string(GetParam().raw) + "\"") + kDone);
  EXPECT_EQ(completion.finish, GetParam().finish);
  EXPECT_EQ(completion.finish_raw, GetParam().raw);
  EXPECT_FALSE(completion.failure);
}

INSTANTIATE_TEST_SUITE_P(All, OpenAiFinish,
                         ::testing::Values(FinishCase{"stop", Finish::kStop},
                                           FinishCase{"length", Finish::kLength},
                                           FinishCase{"tool_calls", Finish::kToolCalls},
                                           FinishCase{"function_call", Finish::kToolCalls},
                                           FinishCase{"content_filter", Finish::kContentFilter},
                                           FinishCase{"something_new", Finish::kUnknown}));

TEST(OpenAiChatDecode, EngineThatGaveUpIsAFailure) {
  EXPECT_EQ(decode_openai(delta("", R"("abort")") + kDone).failure->kind, FailureClass::kServer);
  EXPECT_EQ(decode_openai(delta("", R"("insufficient_system_resource")") + kDone).failure->kind,
            FailureClass::kOverloaded);
}

TEST(OpenAiChatDecode, RefusalIsAFinishOfItsOwn) {
  const Completion completion =
      decode_openai(delta(R"("refusal":"I will not.")", R"("stop")") + kDone);
  EXPECT_EQ(completion.finish, Finish::kRefusal);
  EXPECT_EQ(completion.text, "I will not.");
}

TEST(OpenAiChatDecode, DoneWithoutFinishIsUnknownAndNoted) {
  const Completion completion = decode_openai(delta(R"("content":"x")") + kDone);
  EXPECT_FALSE(completion.failure);
  EXPECT_EQ(completion.finish, Finish::kUnknown);
  EXPECT_EQ(completion.notes, std::vector<std::string>{"no finish reason"});
}

TEST(OpenAiChatDecode, NeitherDoneNorFinishIsTruncated) {
  const Completion completion = decode_openai(delta(R"("content":"x")"));
  ASSERT_TRUE(completion.failure);
  EXPECT_EQ(completion.failure->kind, FailureClass::kTruncatedStream);
  EXPECT_EQ(completion.text, "x");
}

TEST(OpenAiChatDecode, LastEventWithoutBlankLineCounts) {
  const std::string stream = delta(R"("content":"x")", R"("stop")");
  const Completion completion = decode_openai(stream.substr(0, stream.size() - 2));
  EXPECT_FALSE(completion.failure);
  EXPECT_EQ(completion.text, "x");
  EXPECT_EQ(completion.notes.size(), 2U);
}

TEST(OpenAiChatDecode, AzureBeginsWithoutAChoice) {
  ChunkReader reader;
  OpenAiChatDecoder decoder(reader);
  const auto feed = [&decoder](std::string text, harness::Nanos at) {
    const Read read{at, text.size()};
    const auto size = text.size();
    text.append(kReadPadding, '\0');
    decoder.feed({text.data(), size}, {&read, 1});
  };
  feed(event(R"({"choices":[],"prompt_filter_results":[{"prompt_index":0}]})"), 10);
  feed(delta(R"("role":"assistant","content":"")"), 20);
  feed(delta(R"("reasoning_content":"r")"), 30);
  feed(delta(R"("content":"a")") + delta(R"("content":"b")"), 40);
  feed(delta("", R"("stop")") + kDone, 50);
  const Completion completion = decoder.finish({}, false);
  const auto& timeline = completion.timeline;
  EXPECT_EQ(timeline.first_event, 20);
  EXPECT_EQ(timeline.first_token, 30);
  EXPECT_EQ(timeline.first_visible, 40);
  EXPECT_EQ(timeline.last_token, 40);
  ASSERT_EQ(timeline.arrivals.size(), 2U);
  EXPECT_EQ(timeline.arrivals[1].events, 2);
}

TEST(OpenAiChatDecode, EventsOfOnePieceBearTheStampOfTheirOwnRead) {
  ChunkReader reader;
  OpenAiChatDecoder decoder(reader);
  const std::string first = delta(R"("content":"a")");
  const std::string second = delta(R"("content":"b")", R"("stop")");
  std::string both = first + second;
  // The second event's first half came with the first read: it counts when its end came.
  const std::vector<Read> reads{{100, first.size() + 10}, {200, both.size()}};
  const auto size = both.size();
  both.append(kReadPadding, '\0');
  decoder.feed({both.data(), size}, reads);
  const Completion completion = decoder.finish({}, false);
  ASSERT_EQ(completion.timeline.arrivals.size(), 2U);
  EXPECT_EQ(completion.timeline.arrivals[0].at, 100);
  EXPECT_EQ(completion.timeline.arrivals[1].at, 200);
}

TEST(OpenAiChatDecode, SurrogatePairSplitOverTwoEventsIsOneCharacter) {
  const Completion completion =
      decode_openai(delta(R"("content":"a\ud83d")") + delta(R"("content":"\ude00b\n\"")") +
                    delta(R"("content":"\ud83d!")", R"("stop")") + kDone);
  EXPECT_FALSE(completion.failure);
  EXPECT_EQ(completion.text,
            "a\xF0\x9F\x98\x80"
            "b\n\"\xEF\xBF\xBD!");
}

TEST(OpenAiChatDecode, BytesThatAreNotUtf8BecomeReplacementCharacters) {
  const Completion completion = decode_openai(delta("\"content\":\"a\xC3\"") +
                                              delta(R"("content":"b")", R"("stop")") + kDone);
  EXPECT_FALSE(completion.failure);
  EXPECT_EQ(completion.text,
            "a\xEF\xBF\xBD"
            "b");
}

TEST(OpenAiChatDecode, UsageOnTheFinishChunkOnEveryChunkOrNever) {
  const std::string usage = R"({"prompt_tokens":5,"completion_tokens":2,"total_tokens":7})";
  const Completion finish = decode_openai(
      event(R"({"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}],"usage":)" + usage +
            "}") +
      kDone);
  EXPECT_EQ(finish.usage.output, 2);
  EXPECT_EQ(finish.usage.raw, usage);
  const Completion every = decode_openai(
      event(
          R"({"choices":[{"delta":{"content":"x"}}],"usage":{"prompt_tokens":5,"completion_tokens":1}})") +
      event(R"({"choices":[{"delta":{},"finish_reason":"stop"}],"usage":)" + usage + "}") + kDone);
  EXPECT_EQ(every.usage.output, 2);
  const Completion null_after = decode_openai(usage_event(usage) + usage_event("null") + kDone);
  EXPECT_EQ(null_after.usage.output, 2);
  const Completion never = decode_openai(delta(R"("content":"x")", R"("stop")") + kDone);
  EXPECT_FALSE(never.usage.input.has_value());
  EXPECT_FALSE(never.usage.output.has_value());
  EXPECT_EQ(never.usage.maker, "none");
}

TEST(OpenAiChatDecode, LinesWithoutFraming) {
  const Completion completion = decode_openai(
      "{\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n"
      "{\"choices\":[{\"delta\":{\"content\":\"b\"},\"finish_reason\":\"length\"}]}\n");
  EXPECT_FALSE(completion.failure);
  EXPECT_EQ(completion.text, "ab");
  EXPECT_EQ(completion.finish, Finish::kLength);
  EXPECT_TRUE(completion.notes.empty());
}

TEST(OpenAiChatDecode, WholeReplyOverManyLinesAndWholeErrors) {
  const Completion whole = decode_openai(
      "{\n  \"choices\": [\n    {\"message\": {\"content\": \"x\"}, \"finish_reason\": \"stop\"}\n "
      "]\n}\n");
  EXPECT_EQ(whole.text, "x");
  const Completion error =
      decode_openai(R"({"error":{"message":"too long","code":"context_length_exceeded"}})");
  EXPECT_EQ(error.failure->kind, FailureClass::kContextOverflow);
  const Completion other = decode_openai(R"({"hello":"world"})");
  EXPECT_EQ(other.failure->kind, FailureClass::kProtocol);
}

// Bytes of any kind: one completion, no crash, and either text or a failure.
TEST(OpenAiChatFuzz, MutatedStreamsAlwaysGiveACompletion) {
  const std::string stream =
      delta(R"("role":"assistant","content":"")") + delta(R"("content":"caf\u00e9 \ud83d\ude00")") +
      delta(R"("content":[{"type":"text","text":"z"}])") + delta("", R"("stop")") +
      usage_event(R"({"prompt_tokens":5,"completion_tokens":2})") + kDone;
  harness::Rng rng(3, "chat mutations");
  for (int round = 0; round < 3000; ++round) {
    std::string text = stream.substr(0, rng.below(stream.size() + 1));
    for (std::uint64_t flips = rng.below(6); flips > 0 && !text.empty(); --flips) {
      text[rng.below(text.size())] = static_cast<char>(rng.below(256));
    }
    const Completion completion = decode_openai(text);
    if (completion.failure) {
      EXPECT_FALSE(completion.failure->message.empty());
    } else {
      EXPECT_TRUE(!completion.finish_raw.empty() || text.find("[DONE]") != std::string::npos)
          << text;
    }
  }
}

}  // namespace
}  // namespace pingjia::adapters

#include "adapters/wire/openai_usage.h"

#include <gtest/gtest.h>

namespace pingjia::adapters {
namespace {

TEST(OpenAiUsage, CachedAndReasoningTokensAreTakenOutOfTheirTotals) {
  const auto [usage, timings, notes] = read_openai_usage(
      R"({"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,
          "prompt_tokens_details":{"cached_tokens":64,"cache_write_tokens":10},
          "completion_tokens_details":{"reasoning_tokens":30}})",
      "");
  EXPECT_EQ(usage.input, 26);
  EXPECT_EQ(usage.cache_read, 64);
  EXPECT_EQ(usage.cache_write_5m, 10);
  EXPECT_EQ(usage.output, 20);
  EXPECT_EQ(usage.reasoning, 30);
  EXPECT_EQ(usage.total_input(), 100);
  EXPECT_EQ(usage.total_output(), 50);
  EXPECT_TRUE(notes.empty());
}

TEST(OpenAiUsage, XaiLeavesReasoningOutOfCompletionTokens) {
  const auto [usage, timings, notes] = read_openai_usage(
      R"({"prompt_tokens":12,"completion_tokens":1,"total_tokens":303,
          "prompt_tokens_details":{"cached_tokens":11},
          "completion_tokens_details":{"reasoning_tokens":290}})",
      "");
  EXPECT_EQ(usage.input, 1);
  EXPECT_EQ(usage.output, 1);
  EXPECT_EQ(usage.reasoning, 290);
  EXPECT_EQ(usage.total_output(), 291);
  EXPECT_TRUE(notes.empty());
}

TEST(OpenAiUsage, XaiWithoutATotalIsSeenByItsSize) {
  const auto [usage, timings, notes] = read_openai_usage(
      R"({"prompt_tokens":12,"completion_tokens":1,
          "completion_tokens_details":{"reasoning_tokens":290}})",
      "");
  EXPECT_EQ(usage.total_output(), 291);
}

TEST(OpenAiUsage, ProxyThatCountsTheCacheApart) {
  const auto [usage, timings, notes] = read_openai_usage(
      R"({"prompt_tokens":10,"completion_tokens":5,"total_tokens":1015,
          "prompt_tokens_details":{"cached_tokens":1000}})",
      "");
  EXPECT_EQ(usage.input, 10);
  EXPECT_EQ(usage.cache_read, 1000);
  EXPECT_TRUE(notes.empty());
}

TEST(OpenAiUsage, DeepSeekAndMoonshotSpellings) {
  const auto deepseek = read_openai_usage(
      R"({"prompt_tokens":13,"completion_tokens":4,"total_tokens":17,
          "prompt_cache_hit_tokens":10,"prompt_cache_miss_tokens":3})",
      "");
  EXPECT_EQ(deepseek.usage.input, 3);
  EXPECT_EQ(deepseek.usage.cache_read, 10);
  const auto moonshot =
      read_openai_usage(R"({"prompt_tokens":13,"completion_tokens":4,"cached_tokens":5})", "");
  EXPECT_EQ(moonshot.usage.input, 8);
  EXPECT_EQ(moonshot.usage.cache_read, 5);
}

// DeepSeek's compatible field may be there and zero; its own name counts.
TEST(OpenAiUsage, DeepSeeksOwnNameComesFirst) {
  const auto counted = read_openai_usage(
      R"({"prompt_tokens":13,"completion_tokens":4,"total_tokens":17,
          "prompt_tokens_details":{"cached_tokens":0},
          "prompt_cache_hit_tokens":10,"prompt_cache_miss_tokens":3})",
      "");
  EXPECT_EQ(counted.usage.input, 3);
  EXPECT_EQ(counted.usage.cache_read, 10);
  EXPECT_TRUE(counted.usage.adds_up);
  const auto wrong = read_openai_usage(
      R"({"prompt_tokens":13,"completion_tokens":4,"prompt_cache_hit_tokens":10,"prompt_cache_miss_tokens":4})",
      "");
  EXPECT_FALSE(wrong.usage.adds_up);
}

// junhoyeo/tokscale#862: 2600 = 2000 read + 400 written + 200 fresh.
TEST(OpenAiUsage, CacheWritesArePartOfThePrompt) {
  const auto [usage, timings, notes] = read_openai_usage(
      R"({"prompt_tokens":2600,"completion_tokens":10,"total_tokens":2610,
          "prompt_tokens_details":{"cached_tokens":2000,"cache_write_tokens":400}})",
      "");
  EXPECT_EQ(usage.input, 200);
  EXPECT_EQ(usage.cache_read, 2000);
  EXPECT_EQ(usage.cache_write_5m, 400);
  EXPECT_EQ(usage.total_input(), 2600);
}

// BerriAI/litellm#19680: xAI's text_tokens hold the cached ones; adding both counts them twice.
TEST(OpenAiUsage, XaisTextTokensAreNotAdded) {
  const auto [usage, timings, notes] = read_openai_usage(
      R"({"prompt_tokens":100,"completion_tokens":5,"total_tokens":105,
          "prompt_tokens_details":{"text_tokens":100,"audio_tokens":0,"image_tokens":0,"cached_tokens":80}})",
      "");
  EXPECT_EQ(usage.input, 20);
  EXPECT_EQ(usage.cache_read, 80);
  EXPECT_FALSE(usage.input_audio.has_value());
  EXPECT_TRUE(usage.adds_up);
}

// Rejected predictions are billed inside the completion.
TEST(OpenAiUsage, RejectedPredictionsStayOutput) {
  const auto [usage, timings, notes] = read_openai_usage(
      R"({"prompt_tokens":10,"completion_tokens":50,"total_tokens":60,
          "completion_tokens_details":{"reasoning_tokens":0,"rejected_prediction_tokens":30}})",
      "");
  EXPECT_EQ(usage.output, 50);
}

TEST(OpenAiUsage, SoundAndPicturesAreLeavesOfTheirOwn) {
  const auto [usage, timings, notes] = read_openai_usage(
      R"({"prompt_tokens":100,"completion_tokens":60,"total_tokens":160,
          "prompt_tokens_details":{"audio_tokens":30,"image_tokens":20,"cached_tokens":10},
          "completion_tokens_details":{"audio_tokens":40,"reasoning_tokens":5}})",
      "");
  EXPECT_EQ(usage.input, 40);
  EXPECT_EQ(usage.input_audio, 30);
  EXPECT_EQ(usage.input_image, 20);
  EXPECT_EQ(usage.output, 15);
  EXPECT_EQ(usage.output_audio, 40);
  EXPECT_EQ(usage.total_input(), 100);
  EXPECT_EQ(usage.total_output(), 60);
  EXPECT_TRUE(usage.adds_up);
}

TEST(OpenAiUsage, KeepsWhatTheProviderSaysItCost) {
  const auto cost = [](const char* usage) {
    return read_openai_usage(usage, "").usage.reported_usd;
  };
  EXPECT_EQ(cost(R"({"prompt_tokens":1,"completion_tokens":1,"cost":0.00014})"), "0.00014");
  EXPECT_EQ(cost(R"({"cost":1.5e-07})"), "0.00000015");
  EXPECT_EQ(cost(R"({"cost":0,"is_byok":true,"cost_details":{"upstream_inference_cost":0.002}})"),
            "0.002");
  EXPECT_EQ(cost(R"({"cost":0.002,"cost_details":{"upstream_inference_cost":0.002}})"), "0.002");
  EXPECT_EQ(cost(R"({"cost":{"total_cost":0.006}})"), "0.006");
  EXPECT_EQ(cost(R"({"cost":0})"), "0");
  for (const char* none : {R"({})", R"({"cost":null})", R"({"cost":"0.1"})", R"({"cost":-1})",
                           R"({"cost":[1]})", R"({"cost":{}})"}) {
    EXPECT_EQ(cost(none), "") << none;
  }
}

TEST(OpenAiUsage, CountsThatNoReplyCanHaveAreNone) {
  const auto counted = read_openai_usage(
      R"({"prompt_tokens":9223372036854775807,"completion_tokens":1e300,"total_tokens":5})", "");
  EXPECT_FALSE(counted.usage.input.has_value());
  EXPECT_FALSE(counted.usage.output.has_value());
}

TEST(OpenAiUsage, MissingIsUnknownNotZero) {
  const auto bare = read_openai_usage(R"({"prompt_tokens":3,"completion_tokens":2})", "");
  EXPECT_EQ(bare.usage.input, 3);
  EXPECT_FALSE(bare.usage.cache_read.has_value());
  EXPECT_FALSE(bare.usage.reasoning.has_value());
  EXPECT_EQ(bare.usage.total_output(), 2);
  const auto none = read_openai_usage("", "");
  EXPECT_FALSE(none.usage.total_input().has_value());
  EXPECT_FALSE(none.usage.total_output().has_value());
  EXPECT_EQ(none.usage.maker, "none");
}

TEST(OpenAiUsage, SumsThatDoNotHoldAreNoted) {
  const auto counted =
      read_openai_usage(R"({"prompt_tokens":3,"completion_tokens":2,"total_tokens":9})", "");
  ASSERT_EQ(counted.notes.size(), 1U);
  EXPECT_EQ(counted.notes[0], "usage does not add up: 3 + 2 is not 9");
  EXPECT_FALSE(counted.usage.adds_up);
}

TEST(OpenAiUsage, LlamaServersTimings) {
  const std::string timings =
      R"({"cache_n":5,"prompt_n":2,"prompt_ms":10.5,"predicted_n":7,"predicted_ms":70.0})";
  const auto both =
      read_openai_usage(R"({"prompt_tokens":7,"completion_tokens":7,"total_tokens":14})", timings);
  EXPECT_EQ(both.usage.input, 2);
  EXPECT_EQ(both.usage.cache_read, 5);
  EXPECT_EQ(both.usage.maker, "server");
  EXPECT_DOUBLE_EQ(*both.timings.prefill_s, 0.0105);
  EXPECT_DOUBLE_EQ(*both.timings.decode_s, 0.07);
  EXPECT_EQ(both.timings.maker, "llama-server timings");
  const auto alone = read_openai_usage("", timings);
  EXPECT_EQ(alone.usage.input, 2);
  EXPECT_EQ(alone.usage.cache_read, 5);
  EXPECT_EQ(alone.usage.output, 7);
  EXPECT_EQ(alone.usage.maker, "server timings");
}

TEST(OpenAiUsage, GroqCountsSeconds) {
  const auto groq = read_openai_usage(
      R"({"queue_time":0.17,"prompt_tokens":17,"prompt_time":0.001,"completion_tokens":9,
          "completion_time":3.2,"total_tokens":26,"total_time":3.3})",
      "");
  EXPECT_DOUBLE_EQ(*groq.timings.queue_s, 0.17);
  EXPECT_DOUBLE_EQ(*groq.timings.decode_s, 3.2);
}

TEST(OpenAiUsage, WhatIsNoUsageSaysNothing) {
  EXPECT_EQ(read_openai_usage("[1,2]", "3").usage.maker, "none");
  EXPECT_EQ(read_openai_usage(R"({"prompt_tokens":-1,"completion_tokens":"2"})", "").usage.maker,
            "none");
}

}  // namespace
}  // namespace pingjia::adapters

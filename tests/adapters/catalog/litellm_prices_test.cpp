#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "tests/adapters/catalog/read_text.h"

namespace pingjia::adapters {
namespace {

using harness::Leaf;
using harness::Terms;

// Two entries as litellm's map of 2026-08-01 has them (MIT), shortened to what is priced.
constexpr auto kMap = R"({
  "sample_spec": {"input_cost_per_token": 0.0, "litellm_provider": "one of …", "mode": "one of …"},
  "gpt-5.6-sol": {
    "cache_creation_input_token_cost": 6.25e-06, "cache_creation_input_token_cost_above_272k_tokens": 1.25e-05,
    "cache_read_input_token_cost": 5e-07, "cache_read_input_token_cost_above_272k_tokens": 1e-06,
    "cache_read_input_token_cost_flex": 2.5e-07, "input_cost_per_token": 5e-06,
    "input_cost_per_token_above_272k_tokens": 1e-05, "input_cost_per_token_above_272k_tokens_flex": 5e-06,
    "input_cost_per_token_batches": 2.5e-06, "input_cost_per_token_flex": 2.5e-06,
    "litellm_provider": "openai", "max_input_tokens": 1050000, "mode": "chat",
    "output_cost_per_token": 3e-05, "output_cost_per_token_above_272k_tokens": 4.5e-05,
    "output_cost_per_token_batches": 1.5e-05, "output_cost_per_token_flex": 1.5e-05,
    "regional_processing_uplift_multiplier_eu": 1.1, "source": "https://example.org",
    "search_context_cost_per_query": {"search_context_size_low": 0.01}},
  "claude-sonnet-4-5": {
    "cache_creation_input_token_cost": 3.75e-06, "cache_creation_input_token_cost_above_1hr": 6e-06,
    "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 1.2e-05,
    "cache_creation_input_token_cost_above_200k_tokens": 7.5e-06,
    "cache_read_input_token_cost": 3e-07, "cache_read_input_token_cost_above_200k_tokens": 6e-07,
    "input_cost_per_token": 3e-06, "input_cost_per_token_above_200k_tokens": 6e-06,
    "litellm_provider": "anthropic", "mode": "chat",
    "output_cost_per_token": 1.5e-05, "output_cost_per_token_above_200k_tokens": 2.25e-05,
    "provider_specific_entry": {"us": 1.1, "fast": 6.0}}
})";

TEST(LitellmPrices, ReadsLeavesTiersAndServiceTiers) {
  const auto prices = read_text(kMap);
  EXPECT_EQ(prices.models.size(), 2U);
  const auto sol = [&](Leaf leaf, std::int64_t tokens = 0, const std::string& tier = "",
                       bool batch = false, const std::string& region = "") {
    return price_in(prices, "gpt-5.6-sol", leaf, tokens, Terms{0, tier, batch, region});
  };
  EXPECT_EQ(sol(Leaf::kInput), "5");
  EXPECT_EQ(sol(Leaf::kInput, 272'000), "5");
  EXPECT_EQ(sol(Leaf::kInput, 272'001), "10");
  EXPECT_EQ(sol(Leaf::kCacheWrite5m, 272'001), "12.5");
  EXPECT_EQ(sol(Leaf::kCacheRead, 0, "flex"), "0.25");
  EXPECT_EQ(sol(Leaf::kInput, 300'000, "flex"), "5");
  EXPECT_EQ(sol(Leaf::kOutput, 0, "", true), "15");
  // The map has no batch price of a cached token, nor of an output above 272k in flex.
  EXPECT_EQ(sol(Leaf::kCacheRead, 0, "", true), "none");
  EXPECT_EQ(sol(Leaf::kOutput, 300'000, "flex"), "none");
  EXPECT_EQ(sol(Leaf::kInput, 0, "", false, "eu"), "5.5");
  EXPECT_EQ(sol(Leaf::kOutput, 300'000, "", false, "eu"), "49.5");
  EXPECT_EQ(count_of(prices, "price of a web search"), 1U);
}

// litellm#16377 and #15055: reads and writes are re-rated too, those of an hour as well.
TEST(LitellmPrices, CacheTiersAreRead) {
  const auto prices = read_text(kMap);
  const auto sonnet = [&](Leaf leaf, std::int64_t tokens) {
    return price_in(prices, "claude-sonnet-4-5", leaf, tokens);
  };
  EXPECT_EQ(sonnet(Leaf::kCacheWrite1h, 200'000), "6");
  EXPECT_EQ(sonnet(Leaf::kCacheWrite1h, 200'001), "12");
  EXPECT_EQ(sonnet(Leaf::kCacheWrite5m, 200'001), "7.5");
  EXPECT_EQ(sonnet(Leaf::kCacheRead, 200'001), "0.6");
  EXPECT_EQ(price_in(prices, "claude-sonnet-4-5", Leaf::kOutput, 0, {0, "fast", false, ""}), "90");
  EXPECT_EQ(price_in(prices, "claude-sonnet-4-5", Leaf::kInput, 0, {0, "", false, "us"}), "3.3");
}

TEST(LitellmPrices, NoiseOfBinaryFloatsIsRoundedAway) {
  const auto prices = read_text(
      R"({"m": {"litellm_provider": "p", "mode": "chat", "input_cost_per_token": 3.0001999999999996E-7,
          "output_cost_per_token": 9e-07, "input_cost_per_token_cache_hit": 1e-08}})");
  EXPECT_EQ(price_in(prices, "m", Leaf::kInput), "0.30002");
  EXPECT_EQ(price_in(prices, "m", Leaf::kCacheRead), "0.01");
  EXPECT_EQ(count_of(prices, "digits below a picodollar rounded away"), 1U);
}

TEST(LitellmPrices, MissingIsUnknownAndZeroIsFree) {
  const auto prices = read_text(R"({
    "none": {"litellm_provider": "p", "mode": "chat"},
    "half": {"litellm_provider": "p", "mode": "chat", "input_cost_per_token": 1e-06},
    "free": {"litellm_provider": "p", "mode": "chat", "input_cost_per_token": 0, "output_cost_per_token": 0.0}})");
  std::map<std::string, std::string_view> states;
  for (const auto& model : prices.models) states[model.model] = model.state;
  EXPECT_EQ(states["none"], "unknown");
  EXPECT_EQ(states["half"], "partial");
  EXPECT_EQ(states["free"], "free");
  EXPECT_EQ(price_in(prices, "none", Leaf::kInput), "none");
  EXPECT_EQ(price_in(prices, "free", Leaf::kInput), "0");
}

TEST(LitellmPrices, TieredPricingAndXaisEdge) {
  const auto prices = read_text(R"({
    "dashscope/qwen": {"litellm_provider": "dashscope", "mode": "chat", "tiered_pricing": [
      {"input_cost_per_token": 4e-07, "output_cost_per_token": 1.2e-06, "output_cost_per_reasoning_token": 4e-06, "range": [0, 256000.0]},
      {"input_cost_per_token": 1.2e-06, "output_cost_per_token": 3.6e-06, "range": [256000.0, 1000000.0]}]},
    "xai/grok": {"litellm_provider": "xai", "mode": "chat", "input_cost_per_token": 2e-07,
      "input_cost_per_token_above_128k_tokens": 4e-07, "output_cost_per_token": 5e-07}})");
  EXPECT_EQ(price_in(prices, "dashscope/qwen", Leaf::kInput, 256'000), "0.4");
  EXPECT_EQ(price_in(prices, "dashscope/qwen", Leaf::kInput, 256'001), "1.2");
  EXPECT_EQ(price_in(prices, "dashscope/qwen", Leaf::kReasoning, 10), "4");
  EXPECT_EQ(price_in(prices, "xai/grok", Leaf::kInput, 127'999), "0.2");
  EXPECT_EQ(price_in(prices, "xai/grok", Leaf::kInput, 128'000), "0.4");
  EXPECT_EQ(count_of(prices, "context tier without a price of output"), 1U);
}

std::string refusal_of(const std::string& entry) {
  try {
    read_text(R"({"m": {"litellm_provider": "p", "mode": "chat", )" + entry + "}}");
  } catch (const harness::Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(LitellmPrices, RefusesInOneLineEach) {
  EXPECT_EQ(refusal_of(R"("input_cost_per_tokne": 1e-06)"),
            "file: m: unknown price key 'input_cost_per_tokne'; did you mean "
            "'input_cost_per_token'?");
  EXPECT_EQ(refusal_of(R"("input_cost_per_token": -1e-06)"),
            "file: m.input_cost_per_token: '-1e-06' is negative; mend the price");
  EXPECT_NE(refusal_of(R"("input_cost_per_token": "cheap")"), "accepted");
  EXPECT_NE(refusal_of(R"("input_cost_per_token": 5)"), "accepted");
  EXPECT_NE(refusal_of(R"("input_cost_per_token": 1e-14)"), "accepted");
  EXPECT_NE(refusal_of(R"("tiered_pricing": [{"input_cost_per_token": 1e-06}])"), "accepted");
  // A key of a kind that nobody has met yet is counted, not refused: the map grows every day.
  EXPECT_EQ(refusal_of(R"("input_cost_per_smell": 1e-06)"), "accepted");
}

}  // namespace
}  // namespace pingjia::adapters

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "tests/adapters/catalog/read_text.h"

namespace pingjia::adapters {
namespace {

using harness::Leaf;
using harness::parse_instant;
using harness::Terms;

// Entries as genai-prices v2 of 2026-08-21 has them (MIT), shortened to what is priced.
constexpr auto kList = R"([
  {"id": "anthropic", "name": "Anthropic", "models": [
    {"id": "claude-sonnet-4-5", "match": {"or": [{"starts_with": "claude-sonnet-4-5"}, {"starts_with": "claude-sonnet-4.5"}]},
     "prices": {"input_mtok": {"base": 3, "tiers": [{"start": 200000, "price": 6}]}, "cache_read_mtok": 0.3,
                "output_mtok": {"base": 15, "tiers": [{"start": 200000, "price": 22.5}]}, "web_searches_kcount": 10}}]},
  {"id": "openai", "name": "OpenAI", "models": [
    {"id": "o3", "match": {"or": [{"equals": "o3"}, {"equals": "o3-2025-04-16"}]},
     "prices": [{"prices": {"input_mtok": 10, "output_mtok": 40}},
                {"constraint": {"start_date": "2025-06-10"}, "prices": {"input_mtok": 2, "output_mtok": 8}}]},
    {"id": "gpt-5.6-sol", "match": {"regex": "^gpt-5\\.6-sol-\\d{4}-\\d{2}-\\d{2}$"}, "prices": {"input_mtok": 5, "output_mtok": 30}}]},
  {"id": "deepseek", "name": "DeepSeek", "models": [
    {"id": "deepseek-chat", "match": {"starts_with": "deepseek-chat"},
     "prices": [{"prices": {"input_mtok": 0.135, "output_mtok": 0.55}},
                {"constraint": {"start_time": "00:30:00Z", "end_time": "16:30:00Z"}, "prices": {"input_mtok": 0.27, "output_mtok": 1.1}}]}]}
])";

TEST(GenaiPrices, TiersBeginAboveTheirStart) {
  const auto prices = read_text(kList);
  const auto sonnet = [&](Leaf leaf, std::int64_t tokens) {
    return price_in(prices, "claude-sonnet-4-5-20250929", leaf, tokens);
  };
  EXPECT_EQ(sonnet(Leaf::kInput, 200'000), "3");
  EXPECT_EQ(sonnet(Leaf::kInput, 200'001), "6");
  EXPECT_EQ(sonnet(Leaf::kOutput, 200'001), "22.5");
  // A plain number beside tiers holds at every size.
  EXPECT_EQ(sonnet(Leaf::kCacheRead, 200'001), "0.3");
  EXPECT_EQ(count_of(prices, "price of web_searches_kcount"), 1U);
}

TEST(GenaiPrices, DatesDoNotRepriceThePast) {
  const auto prices = read_text(kList);
  const auto o3 = [&](const char* when) {
    return price_in(prices, "o3", Leaf::kInput, 0, {parse_instant(when, "t"), "", false, ""});
  };
  EXPECT_EQ(o3("2025-06-09T23:59:59Z"), "10");
  EXPECT_EQ(o3("2025-06-10"), "2");
}

TEST(GenaiPrices, HoursOfTheDay) {
  const auto prices = read_text(kList);
  const auto chat = [&](const char* when) {
    return price_in(prices, "deepseek-chat", Leaf::kOutput, 0,
                    {parse_instant(when, "t"), "", false, ""});
  };
  EXPECT_EQ(chat("2025-05-01T00:29:59Z"), "0.55");
  EXPECT_EQ(chat("2025-05-01T00:30:00Z"), "1.1");
  EXPECT_EQ(chat("2025-05-01T16:30:00Z"), "0.55");
}

TEST(GenaiPrices, RulesAreNamesAndPatterns) {
  const auto prices = read_text(kList);
  EXPECT_EQ(price_in(prices, "gpt-5.6-sol-2026-07-13", Leaf::kInput), "5");
  EXPECT_EQ(price_in(prices, "gpt-5.6-sol-preview", Leaf::kInput), "none");
  EXPECT_EQ(price_in(prices, "claude-sonnet-4.5", Leaf::kInput), "3");
}

std::string refusal_of(const std::string& prices, const std::string& match = R"({"equals": "m"})") {
  try {
    read_text(R"([{"id": "p", "models": [{"id": "m", "match": )" + match + R"(, "prices": )" +
              prices + "}]}]");
  } catch (const harness::Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(GenaiPrices, RefusesInOneLineEach) {
  EXPECT_EQ(refusal_of(R"({"inptu_mtok": 1})"),
            "file: p/m: unknown price key 'inptu_mtok'; did you mean 'input_mtok'?");
  EXPECT_EQ(refusal_of(R"({"input_mtok": -1})"),
            "file: p/m.input_mtok: '-1' is negative; mend the price");
  EXPECT_NE(refusal_of(R"({"input_mtok": {"base": 1}})"), "accepted");
  EXPECT_NE(refusal_of(R"({"input_mtok": 1})", R"({"sounds_like": "m"})"), "accepted");
  EXPECT_EQ(refusal_of(R"({"input_mtok": 1})", R"({"equals": "m"})"), "accepted");
}

}  // namespace
}  // namespace pingjia::adapters

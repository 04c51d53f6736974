#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "tests/adapters/catalog/read_text.h"

namespace pingjia::adapters {
namespace {

using harness::Leaf;

TEST(OpenrouterPrices, ReadsDecimalTextsAndOverrides) {
  const auto prices = read_text(R"({"data": [
    {"id": "openai/luna", "pricing": {"prompt": "0.0000001", "completion": "0.0000006000000000000001",
      "web_search": "0.005", "input_cache_read": "0.00000001", "overrides": [
        {"min_prompt_tokens": 272000, "prompt": "0.0000002", "completion": "0.00000090000000000000005"}]}},
    {"id": "x/y:free", "pricing": {"prompt": "0", "completion": "0"}},
    {"id": "openrouter/auto", "pricing": {"prompt": "-1", "completion": "-1"}}]})");
  EXPECT_EQ(price_in(prices, "openai/luna", Leaf::kOutput), "0.6");
  EXPECT_EQ(price_in(prices, "openai/luna", Leaf::kOutput, 271'999), "0.6");
  EXPECT_EQ(price_in(prices, "openai/luna", Leaf::kOutput, 272'000), "0.9");
  EXPECT_EQ(price_in(prices, "openai/luna", Leaf::kCacheRead, 272'000), "none");
  EXPECT_EQ(price_in(prices, "x/y:free", Leaf::kInput), "0");
  EXPECT_EQ(price_in(prices, "openrouter/auto", Leaf::kInput), "none");
  EXPECT_EQ(count_of(prices, "price hangs on the route"), 1U);
  EXPECT_EQ(count_of(prices, "digits below a picodollar rounded away"), 2U);
  EXPECT_EQ(prices.models[1].state, "free");
}

TEST(OpenrouterPrices, RefusesWhatIsMisspeltOrNegative) {
  const auto refused = [](const char* pricing) {
    EXPECT_THROW(read_text(std::string(R"({"data": [{"id": "m", "pricing": )") + pricing + "}]}"),
                 harness::Error)
        << pricing;
  };
  refused(R"({"promtp": "1e-6"})");
  refused(R"({"prompt": "-0.5"})");
  refused(R"({"prompt": "free"})");
  refused(R"({"prompt": "0", "overrides": [{"prompt": "0"}]})");
}

TEST(PriceFormats, RefusesWhatIsNone) {
  for (const char* text : {"[]", "{}", "5", R"({"models": []})", "[1]"}) {
    EXPECT_THROW(read_text(text), harness::Error) << text;
  }
  EXPECT_THROW(read_text("{\"rows\":"), harness::Error);
  EXPECT_THROW(read_text(R"({"a": 1, "a": 2})"), harness::Error);
}

}  // namespace
}  // namespace pingjia::adapters

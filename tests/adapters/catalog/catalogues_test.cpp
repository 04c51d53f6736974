// The whole catalogues, which are not ours to ship: they lie beside a developer's checkout, or
// where the variable that users set says.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "harness/base/file.h"
#include "harness/base/json_file.h"
#include "harness/money/reconcile.h"
#include "tests/adapters/catalog/read_text.h"

namespace pingjia::adapters {
namespace {

using harness::ImportedPrices;
using harness::Leaf;

std::filesystem::path prices_folder() {
  const char* const named = std::getenv("PINGJIA_DATA");
  return (named != nullptr ? std::filesystem::path(named)
                           : std::filesystem::path(PINGJIA_SOURCE_DIR) / ".." / "shared" / "data") /
         "prices";
}

class Catalogues : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(prices_folder() / "litellm_model_prices.json")) {
      GTEST_SKIP() << "no catalogues in " << prices_folder();
    }
  }
  static ImportedPrices read(const char* name) {
    return read_text(harness::read_file(prices_folder() / name));
  }
};

// Of the chat models that litellm's map prices by the token at all, 99 of 100 are priced or free.
TEST_F(Catalogues, LitellmsChatModelsAreCovered) {
  const auto prices = read("litellm_model_prices.json");
  std::map<std::string_view, std::size_t> states;
  for (const auto& model : prices.models) {
    if (model.kind == "chat") ++states[model.state];
  }
  EXPECT_EQ(states["priced"] + states["free"] + states["partial"] + states["unknown"], 2287U);
  const auto known = static_cast<double>(states["priced"] + states["free"]);
  EXPECT_GE(known / (known + static_cast<double>(states["partial"])), 0.99);
  EXPECT_EQ(states["unknown"], 93U);
}

TEST_F(Catalogues, GenaiAndLitellmMostlyAgree) {
  const auto litellm = read("litellm_model_prices.json");
  const auto genai = read("genai_prices_v2.json");
  const auto result = harness::reconcile({"litellm", &litellm}, {"genai", &genai},
                                         harness::parse_instant("2026-08-21", "t"));
  EXPECT_GT(result.models, 500U);
  EXPECT_GT(result.leaves.at(harness::Agreement::kAgree),
            3 * result.leaves.at(harness::Agreement::kDiffer));
}

TEST_F(Catalogues, TheGoldenNumbersComeOutOfEachCatalogue) {
  for (const char* name : {"litellm_model_prices.json", "genai_prices_v2.json"}) {
    const auto prices = read(name);
    harness::LeafCounts counts{};
    const auto usd = [&](const std::string& provider, const std::string& model) {
      const auto card =
          prices.book.tariff({provider, model}, "t").card({1'785'542'400, "", false, ""});
      return usd_text(cost_of_counts(counts, card.quote(counts)).total());
    };
    counts[0] = 200'001;
    EXPECT_EQ(usd("anthropic", "claude-sonnet-4-5"), "1.200006") << name;
    counts = {3, 0, 12'304, 0, 0, 0, 550};
    EXPECT_EQ(usd("anthropic", "claude-3-7-sonnet-20250219"), "0.054399") << name;
    counts = {150'000, 50'000, 100'000, 0, 0, 0, 10'000};
    EXPECT_EQ(usd("openai", "gpt-5.6-sol"), "3.25") << name;
  }
}

}  // namespace
}  // namespace pingjia::adapters

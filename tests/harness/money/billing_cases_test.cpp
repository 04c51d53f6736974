// Ways in which published tools have got a bill wrong, by the numbers of the project's cost
// research (§1.5). Those about reading a reply are in tests/adapters/wire/openai_usage_test.cpp,
// those about reading a catalogue in tests/adapters/catalog/, DeepSeek's calendar in
// shipped_prices_test.cpp.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/base/rng.h"
#include "harness/money/cost.h"

namespace pingjia::harness {
namespace {

using nlohmann::json;

PriceRow row(const json& object) {
  return price_row_from_json(object, "row");
}

json tier(std::int64_t start, json object) {
  object["tier"] = {{"start", start}, {"inclusive", false}};
  return object;
}

Usage usage_of(std::int64_t input, std::int64_t read, std::int64_t written, std::int64_t output) {
  Usage usage;
  usage.input = input;
  usage.cache_read = read;
  usage.cache_write_5m = written;
  usage.output = output;
  return usage;
}

Cost cost(const Usage& usage, const std::vector<PriceRow>& rows, const Terms& terms = {}) {
  return cost_of_usage(usage, Tariff("m", rows, {}, "t").card(terms));
}

std::string usd(const Usage& usage, const std::vector<PriceRow>& rows, const Terms& terms = {}) {
  return usd_text(cost(usage, rows, terms).total());
}

const json kSonnet{{"input", "3"},
                   {"cache_read", "0.3"},
                   {"cache_write_5m", "3.75"},
                   {"cache_write_1h", "6"},
                   {"output", "15"}};
const json kSonnetAbove{{"input", "6"},
                        {"cache_read", "0.6"},
                        {"cache_write_5m", "7.5"},
                        {"cache_write_1h", "12"},
                        {"output", "22.5"}};

// 1: BerriAI/litellm#9812.
TEST(BillingCases, CacheWritesOnce) {
  EXPECT_EQ(usd(usage_of(3, 0, 12'304, 550), {row(kSonnet)}), "0.054399");
}

// 2: litellm#31282: 100 fresh, 700 written, 200 read are not 1000 fresh.
TEST(BillingCases, CachedTokensAreNotFresh) {
  const json prices{
      {"input", "1"}, {"cache_read", "0.1"}, {"cache_write_5m", "1.25"}, {"output", "1"}};
  EXPECT_EQ(usd(usage_of(100, 200, 700, 0), {row(prices)}), "0.000995");
}

// 3, 4: microsoft/conductor#427 and Appsilon/mediforce#656: leaves are disjoint, none is added
// twice and none is lost.
TEST(BillingCases, EachTokenIsBilledOnce) {
  const Usage usage = usage_of(1'000, 90'000, 9'000, 500);
  const Cost whole = cost(usage, {row(kSonnet)});
  EXPECT_EQ(whole.priced_tokens, *usage.total_input() + *usage.total_output());
  EXPECT_EQ(usd_text(whole.total()), "0.07125");
}

// 5: litellm#16377: above 200,000 cache reads and writes are re-rated, those of an hour too.
TEST(BillingCases, TiersOfCacheLeaves) {
  Usage usage = usage_of(0, 100'000, 50'000, 0);
  usage.cache_write_1h = 100'000;
  EXPECT_EQ(usd(usage, {row(kSonnet), row(tier(200'000, kSonnetAbove))}), "1.635");
}

// 6: tokscale#862: a cliff, not a margin, and cache writes count for the threshold.
TEST(BillingCases, TiersAreCliffs) {
  const std::vector<PriceRow> rows{row(kSonnet), row(tier(200'000, kSonnetAbove))};
  EXPECT_EQ(usd(usage_of(100'000, 0, 100'001, 0), rows), "1.3500075");
}

// 7: the edge, by the row's own rule; the output follows the input's tier, not its own size.
TEST(BillingCases, TheEdgeAndTheOutput) {
  const std::vector<PriceRow> rows{row(kSonnet), row(tier(200'000, kSonnetAbove))};
  EXPECT_EQ(usd(usage_of(200'000, 0, 0, 0), rows), "0.6");
  EXPECT_EQ(usd(usage_of(200'001, 0, 0, 0), rows), "1.200006");
  EXPECT_EQ(usd(usage_of(0, 0, 0, 300'000), rows), "4.5");
}

// 8: litellm#38341, #39861: in a batch, cached tokens have their own price, and above the threshold
// their own tier; a leaf that no batch row prices is unknown.
TEST(BillingCases, BatchHasItsOwnCacheAndTiers) {
  json batch{{"input", "2.5"}, {"cache_read", "0.25"}, {"output", "15"}, {"batch", true}};
  json above{{"input", "5"}, {"cache_read", "0.5"}, {"output", "22.5"}, {"batch", true}};
  const std::vector<PriceRow> rows{row({{"input", "5"}, {"cache_read", "0.5"}, {"output", "30"}}),
                                   row(batch), row(tier(272'000, above))};
  const Terms terms{0, "", true, ""};
  EXPECT_EQ(usd(usage_of(1'000'000 - 728'000, 0, 0, 0), rows, terms), "0.68");
  EXPECT_EQ(usd(usage_of(272'001, 0, 0, 1'000'000), rows, terms), "23.860005");
  EXPECT_EQ(usd(usage_of(0, 100'000, 0, 0), rows, terms), "0.025");
  EXPECT_EQ(cost(usage_of(1, 0, 1, 0), rows, terms).state, PriceState::kPartial);
}

// 9: litellm#13810, defog#303: the tier that served, not the one that was asked for.
TEST(BillingCases, TheTierThatServed) {
  const Tariff tariff("m",
                      {row({{"input", "0.25"}, {"output", "2"}}),
                       row({{"input", "0.125"}, {"output", "1"}, {"service_tier", "flex"}})},
                      {}, "t");
  Record record;
  record.completion.usage = usage_of(1'000'000, 0, 0, 0);
  const ApiPricing pricing(tariff, {});
  const auto billed = [&](const char* served) {
    record.completion.service_tier = served;
    const Terms terms = terms_of(record, {}, pricing);
    return cost_of_attempt(record, tariff.card(terms));
  };
  EXPECT_EQ(usd_text(billed("flex").total()), "0.125");
  EXPECT_EQ(usd_text(billed("default").total()), "0.25");
  EXPECT_EQ(usd_text(billed("").total()), "0.25");
  EXPECT_EQ(billed("priority").state, PriceState::kUnknown);
}

// 10: any-llm#1290: Gemini's thoughts are beside the candidates, and billed: 20 + 198 + 405 = 623.
TEST(BillingCases, ThoughtsAreBilledAsOutput) {
  Usage usage = usage_of(20, 0, 0, 198);
  usage.reasoning = 405;
  EXPECT_EQ(*usage.total_input() + *usage.total_output(), 623);
  EXPECT_EQ(usd(usage, {row({{"input", "1"}, {"output", "10"}})}), "0.00605");
  EXPECT_EQ(usd(usage, {row({{"input", "1"}, {"output", "10"}, {"reasoning", "2"}})}), "0.00281");
}

// 12: litellm#35913: an unknown model is unknown; 13: a price of zero is free only where it says
// so.
TEST(BillingCases, UnknownPartialAndFreeAreApart) {
  const Usage usage = usage_of(10, 5, 0, 1);
  EXPECT_EQ(cost(usage, {}).state, PriceState::kUnknown);
  EXPECT_EQ(cost(usage, {row({{"input", "1"}, {"output", "1"}})}).state, PriceState::kPartial);
  EXPECT_EQ(cost(usage, {row({{"input", "0"}, {"cache_read", "0"}, {"output", "0"}})}).state,
            PriceState::kFree);
  EXPECT_EQ(cost(usage, {row({{"input", "0"}, {"cache_read", "0"}, {"output", "1"}})}).state,
            PriceState::kPriced);
}

// 14: genai-prices#581: a new price does not reprice what was asked before it.
TEST(BillingCases, HistoryIsNeverRepriced) {
  json old{{"output", "0.87"}, {"input", "1"}, {"valid_to", "2026-08-16T16:00:00Z"}};
  json peak{{"output", "3.96"}, {"input", "1"}, {"valid_from", "2026-08-16T16:00:00Z"}};
  peak["schedule"] = {{"zone", "UTC"}, {"windows", {"01:00-04:00"}}};
  const Usage usage = usage_of(0, 0, 0, 1'000'000);
  const auto at = [&](const char* when) {
    return usd(usage, {row(old), row(peak)}, {parse_instant(when, "t"), "", false, ""});
  };
  EXPECT_EQ(at("2026-08-16T02:00:00Z"), "0.87");
  EXPECT_EQ(at("2026-08-17T02:00:00Z"), "3.96");
}

// 15: bifrost#4575: what was begun and failed is billed, and unknown where nobody counted it.
TEST(BillingCases, FailedCallsAreNotFree) {
  Record record;
  record.completion.failure = Failure{FailureClass::kTimeoutTotal, 0, "", {}};
  record.completion.timeline.sent = 1;
  const Tariff tariff("m", {row({{"input", "1"}, {"output", "1"}})}, {}, "t");
  EXPECT_EQ(cost_of_attempt(record, tariff.card({})).state, PriceState::kUnknown);
  record.completion.failure->kind = FailureClass::kRateLimit;
  EXPECT_EQ(cost_of_attempt(record, tariff.card({})).state, PriceState::kFree);
}

// 16: every attempt counts, not only the last. 17 is in exchange_test.cpp.
TEST(BillingCases, EveryAttemptCounts) {
  std::vector<Record> records(3);
  std::vector<const Record*> pointers;
  for (auto& one : records) {
    one.completion.usage = usage_of(1'000'000, 0, 0, 0);
    one.last_attempt = &one == &records.back();
    pointers.push_back(&one);
  }
  Money sum;
  const ApiPricing pricing(row({{"input", "1"}, {"output", "1"}}));
  for (const auto& one : cost_of_system(pointers, pricing).attempts) sum += one.total();
  EXPECT_EQ(usd_text(sum), "3");
}

// Random runs under random tariffs: the attempts' parts sum to the runs' totals, and what is priced
// and unpriced to what was used, in whole picodollars and tokens.
TEST(BillingCases, ConservesMoneyAndTokensInTenThousandRandomRuns) {
  Rng rng(7, "billing");
  for (int run = 0; run < 10'000; ++run) {
    std::vector<PriceRow> rows;
    for (const std::int64_t start : {std::int64_t{0}, std::int64_t{50'000}}) {
      PriceRow one;
      for (auto& price : one.prices) {
        if (rng.below(5) > 0) price = static_cast<Picodollars>(rng.below(100'000'000));
      }
      if (start > 0) one.tier = ContextTier{start, rng.below(2) == 0, TierSum::kInput};
      rows.push_back(one);
    }
    const Tariff tariff("m", rows, {}, "t");
    Pricer pricer(tariff);
    __int128 total = 0;
    __int128 by_leaf = 0;
    for (int attempt = 0; attempt < 5; ++attempt) {
      LeafCounts counts{};
      std::int64_t tokens = 0;
      for (auto& count : counts) tokens += count = static_cast<std::int64_t>(rng.below(30'000));
      const Quote& quote = pricer.card({}).quote(counts);
      const Cost cost = cost_of_counts(counts, quote);
      ASSERT_EQ(cost.priced_tokens + cost.unpriced_tokens, tokens);
      ASSERT_TRUE(cost.total() == cost.input + cost.output + cost.machine);
      total += cost.total().picodollars();
      for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) {
        auto price = quote.prices[leaf];
        if (leaf == static_cast<std::size_t>(Leaf::kReasoning) && !price) {
          price = quote.prices[static_cast<std::size_t>(Leaf::kOutput)];
        }
        by_leaf += static_cast<__int128>(price.value_or(0)) * counts[leaf];
      }
    }
    ASSERT_TRUE(total == by_leaf);
  }
}

}  // namespace
}  // namespace pingjia::harness

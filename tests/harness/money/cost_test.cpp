#include "harness/money/cost.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

#include "harness/base/rng.h"

namespace pingjia::harness {
namespace {

PriceRow prices(const nlohmann::json& row) {
  return price_row_from_json(row, "row");
}

Usage counts(const std::map<Leaf, std::int64_t>& leaves) {
  Usage usage;
  for (const auto& [leaf, count] : leaves) {
    switch (leaf) {
      case Leaf::kInput:
        usage.input = count;
        break;
      case Leaf::kCacheRead:
        usage.cache_read = count;
        break;
      case Leaf::kCacheWrite5m:
        usage.cache_write_5m = count;
        break;
      case Leaf::kCacheWrite1h:
        usage.cache_write_1h = count;
        break;
      case Leaf::kOutput:
        usage.output = count;
        break;
      case Leaf::kReasoning:
        usage.reasoning = count;
        break;
      default:
        ADD_FAILURE() << leaf_name(leaf);
    }
  }
  return usage;
}

Record answered(Nanos sent, Nanos done) {
  Record record;
  record.completion.timeline.sent = sent;
  record.completion.timeline.done = done;
  return record;
}

Record failed(FailureClass kind, Nanos sent, Nanos done) {
  Record record = answered(sent, done);
  record.completion.failure.emplace().kind = kind;
  return record;
}

SystemCost cost_of(const std::vector<Record>& records, const Pricing& pricing) {
  std::vector<const Record*> pointers;
  for (const auto& record : records) pointers.push_back(&record);
  return cost_of_system(pointers, pricing);
}

MachinePricing machine(const std::string& usd_per_hour) {
  return {{"box", parse_usd(usd_per_hour, "t"), 2, 0, "", ""}};
}

// The provider's console showed $0.05439 for this usage; billing the cache writes twice gives
// $0.091311 (BerriAI/litellm#9812).
TEST(CostOfUsage, BillsCacheWritesOnce) {
  const Usage usage =
      counts({{Leaf::kInput, 3}, {Leaf::kCacheWrite5m, 12304}, {Leaf::kOutput, 550}});
  const Cost cost =
      cost_of_usage(usage, prices({{"input", "3"}, {"cache_write_5m", "3.75"}, {"output", "15"}}));
  EXPECT_EQ(usd_text(cost.total()), "0.054399");
  EXPECT_EQ(cost.state, PriceState::kPriced);
}

// defog-ai/defog#303: gpt-5-mini, 1000 fresh, 1000 cached, 500 out are 0.1275 cents.
TEST(CostOfUsage, BillsCachedInputApart) {
  const Usage usage =
      counts({{Leaf::kInput, 1000}, {Leaf::kCacheRead, 1000}, {Leaf::kOutput, 500}});
  const Cost cost =
      cost_of_usage(usage, prices({{"input", "0.25"}, {"cache_read", "0.025"}, {"output", "2"}}));
  EXPECT_EQ(usd_text(cost.total()), "0.001275");
  EXPECT_EQ(usd_text(cost.input), "0.000275");
}

// DeepSeek's published day: 342B cached, 266B fresh and 168B output tokens at R1's list price are
// $562,027; the rounded counts give $562,100.
TEST(CostOfUsage, OfDeepSeeksDay) {
  const Usage usage = counts({{Leaf::kInput, 266'000'000'000},
                              {Leaf::kCacheRead, 342'000'000'000},
                              {Leaf::kOutput, 168'000'000'000}});
  const Cost cost =
      cost_of_usage(usage, prices({{"input", "0.55"}, {"cache_read", "0.14"}, {"output", "2.19"}}));
  EXPECT_EQ(usd_text(cost.total()), "562100");
  EXPECT_NEAR(cost.total().usd() / 562'027, 1, 0.001);
}

TEST(CostOfUsage, BillsReasoningAsOutputUnlessItHasAPrice) {
  const Usage usage = counts({{Leaf::kInput, 0}, {Leaf::kOutput, 100}, {Leaf::kReasoning, 900}});
  EXPECT_EQ(usd_text(cost_of_usage(usage, prices({{"input", "1"}, {"output", "2"}})).output),
            "0.002");
  EXPECT_EQ(
      usd_text(cost_of_usage(usage, prices({{"input", "1"}, {"output", "2"}, {"reasoning", "1"}}))
                   .output),
      "0.0011");
}

TEST(CostOfUsage, IsPartialWhereALeafHasNoPrice) {
  const Usage usage = counts({{Leaf::kInput, 10}, {Leaf::kCacheRead, 90}, {Leaf::kOutput, 5}});
  const Cost cost = cost_of_usage(usage, prices({{"input", "1"}, {"output", "1"}}));
  EXPECT_EQ(cost.state, PriceState::kPartial);
  EXPECT_EQ(cost.unpriced_tokens, 90);
  EXPECT_EQ(cost.priced_tokens, 15);
  EXPECT_FALSE(cost.known());
}

TEST(CostOfUsage, IsUnknownWithoutCounts) {
  const PriceRow row = prices({{"input", "1"}, {"output", "1"}});
  EXPECT_EQ(cost_of_usage(counts({{Leaf::kOutput, 5}}), row).state, PriceState::kUnknown);
  EXPECT_EQ(cost_of_usage(counts({{Leaf::kInput, 5}}), row).state, PriceState::kUnknown);
}

TEST(CostOfUsage, IsFreeOnlyWhereThatWasDeclared) {
  const Usage usage = counts({{Leaf::kInput, 10}, {Leaf::kOutput, 5}});
  EXPECT_EQ(cost_of_usage(usage, prices({{"input", "0"}, {"output", "0"}})).state,
            PriceState::kFree);
  EXPECT_EQ(cost_of_usage(usage, prices({{"cache_read", "0"}})).state, PriceState::kUnknown);
}

TEST(IsBilled, UnlessItWasTurnedAwayBeforeAnyContent) {
  EXPECT_FALSE(is_billed(failed(FailureClass::kRateLimit, 1, 2).completion));
  EXPECT_FALSE(is_billed(failed(FailureClass::kConnect, 1, 2).completion));
  EXPECT_TRUE(is_billed(failed(FailureClass::kTimeoutTotal, 1, 2).completion));
  EXPECT_TRUE(is_billed(failed(FailureClass::kTruncatedStream, 1, 2).completion));
  EXPECT_TRUE(is_billed(answered(1, 2).completion));
  Record cut = failed(FailureClass::kServer, 1, 2);
  EXPECT_FALSE(is_billed(cut.completion));
  cut.completion.timeline.first_token = 2;
  EXPECT_TRUE(is_billed(cut.completion));
}

TEST(CostOfSystem, ByTheTokenCountsEveryAttempt) {
  std::vector<Record> records{answered(1, 2), failed(FailureClass::kRateLimit, 1, 2),
                              failed(FailureClass::kTimeoutTotal, 1, 2),
                              failed(FailureClass::kTruncatedStream, 1, 2)};
  records[0].completion.usage = counts({{Leaf::kInput, 100}, {Leaf::kOutput, 10}});
  records[3].completion.usage = counts({{Leaf::kInput, 100}, {Leaf::kOutput, 4}});
  const SystemCost cost = cost_of(records, ApiPricing{prices({{"input", "1"}, {"output", "10"}})});
  EXPECT_EQ(usd_text(cost.attempts[0].total()), "0.0002");
  EXPECT_EQ(cost.attempts[1].state, PriceState::kFree);
  EXPECT_EQ(cost.attempts[2].state, PriceState::kUnknown);
  EXPECT_EQ(usd_text(cost.attempts[3].total()), "0.00014");
}

TEST(CostOfSystem, PricesScoredContinuationsByTheirInput) {
  std::vector<Record> records{answered(1, 2)};
  records[0].request.mode = Mode::kLoglikelihood;
  records[0].completion.usage.input = 50;
  const SystemCost cost = cost_of(records, ApiPricing{prices({{"input", "2"}, {"output", "4"}})});
  EXPECT_EQ(usd_text(cost.attempts[0].total()), "0.0001");
  EXPECT_EQ(cost.attempts[0].state, PriceState::kPriced);
}

// By hand, in quarters of an hour at $3.60/h: a alone, a and b, b alone, idle, c.
TEST(CostOfSystem, ByTheHourSharesTheMachineAndItsIdleTime) {
  const Nanos quarter = 900 * kSecond;
  const Nanos start = 1'000;
  const auto at = [&](Nanos from, Nanos to) {
    return answered(start + from * quarter, start + to * quarter);
  };
  const SystemCost cost = cost_of({at(0, 2), at(1, 3), at(4, 5)}, machine("3.60"));
  EXPECT_EQ(cost.window, 5 * quarter);
  EXPECT_EQ(cost.idle, quarter);
  EXPECT_EQ(cost.active, (std::vector<Nanos>{quarter * 3 / 2, quarter * 3 / 2, quarter}));
  // The idle quarter goes 3 : 3 : 2, so a and b hold 15/8 quarters, c holds 10/8.
  EXPECT_EQ(cost.held, (std::vector<Nanos>{quarter * 15 / 8, quarter * 15 / 8, quarter * 10 / 8}));
  EXPECT_EQ(usd_text(cost.attempts[0].total()), "1.6875");
  EXPECT_EQ(usd_text(cost.attempts[2].total()), "1.125");
}

TEST(CostOfSystem, GivesEverySessionItsOwnWindow) {
  std::vector<Record> records{answered(100, 200), answered(5'000, 5'300)};
  records[1].session = 1;
  const SystemCost cost = cost_of(records, machine("1"));
  EXPECT_EQ(cost.window, 400);
  EXPECT_EQ(cost.idle, 0);
}

TEST(CostOfSystem, LeavesOutWhatWasNeverSent) {
  std::vector<Record> records{answered(100, 200), failed(FailureClass::kUnsupported, 150, 900),
                              failed(FailureClass::kCancelled, 0, 900)};
  const SystemCost cost = cost_of(records, machine("1"));
  EXPECT_EQ(cost.window, 100);
  EXPECT_EQ(cost.held[1], 0);
  EXPECT_TRUE(cost.attempts[1].machine == Money());
}

TEST(CostOfSystem, WithoutAPriceIsUnknownAndNotFree) {
  const SystemCost cost = cost_of({answered(1, 2)}, UnknownPricing{"nobody said"});
  EXPECT_EQ(cost.attempts[0].state, PriceState::kUnknown);
  EXPECT_EQ(cost.held[0], 1);
}

TEST(CostOfSystem, ConservesMoneyInTenThousandRandomRuns) {
  Rng rng(4, "conservation");
  for (int run = 0; run < 10'000; ++run) {
    std::vector<Record> records(1 + rng.below(12));
    for (auto& record : records) {
      const auto sent = static_cast<Nanos>(1 + rng.below(1'000'000'000));
      record = answered(sent, sent + static_cast<Nanos>(rng.below(1'000'000'000)));
      record.session = static_cast<int>(rng.below(2));
    }
    const SystemCost cost = cost_of(records, machine("98.32"));
    Money sum;
    Nanos held = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
      sum += cost.attempts[i].total();
      held += cost.held[i];
    }
    ASSERT_EQ(held, cost.window);
    const __int128 expected = parse_usd("98.32", "t").picodollars() * cost.window / 3'600 / kSecond;
    ASSERT_TRUE(sum == Money(expected));
  }
}

}  // namespace
}  // namespace pingjia::harness

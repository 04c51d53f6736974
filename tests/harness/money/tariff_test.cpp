#include "harness/money/tariff.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/money/cost.h"

namespace pingjia::harness {
namespace {

using nlohmann::json;

PriceRow row(const json& object) {
  return price_row_from_json(object, "row");
}

LeafCounts counts(std::initializer_list<std::pair<Leaf, std::int64_t>> leaves) {
  LeafCounts all{};
  for (const auto& [leaf, tokens] : leaves) all[static_cast<std::size_t>(leaf)] = tokens;
  return all;
}

Cost cost(const Tariff& tariff, const LeafCounts& tokens, const Terms& terms = {0, "", false, ""}) {
  return cost_of_counts(tokens, tariff.card(terms).quote(tokens));
}

json above(std::int64_t start, bool inclusive, const json& prices) {
  json object = prices;
  object["tier"] = {{"start", start}, {"inclusive", inclusive}};
  return object;
}

TEST(Tariff, TiersAreCliffsWithTheirOwnRuleAtTheEdge) {
  for (const bool inclusive : {false, true}) {
    const Tariff tariff("m",
                        {row({{"input", "1"}, {"output", "2"}}),
                         row(above(100, inclusive, {{"input", "10"}, {"output", "20"}}))},
                        {}, "t");
    const auto input = [&](std::int64_t tokens) {
      return static_cast<long>(
          cost(tariff, counts({{Leaf::kInput, tokens}})).total().picodollars());
    };
    EXPECT_EQ(input(99), 99'000'000);
    EXPECT_EQ(input(100), inclusive ? 1'000'000'000 : 100'000'000);
    EXPECT_EQ(input(101), 1'010'000'000);
    // The output of a request follows the size of its input.
    EXPECT_EQ(usd_text(cost(tariff, counts({{Leaf::kInput, 101}, {Leaf::kOutput, 1}})).output),
              "0.00002");
    EXPECT_EQ(usd_text(cost(tariff, counts({{Leaf::kOutput, 1000}})).output), "0.002");
  }
}

TEST(Tariff, TheThresholdCountsTheWholePromptUnlessItSaysOtherwise) {
  const json plain{{"input", "1"}, {"cache_read", "1"}, {"cache_write_5m", "1"}, {"output", "1"}};
  json high{{"input", "2"}, {"cache_read", "2"}, {"cache_write_5m", "2"}, {"output", "2"}};
  const LeafCounts mixed = counts(
      {{Leaf::kInput, 40}, {Leaf::kCacheRead, 40}, {Leaf::kCacheWrite5m, 21}, {Leaf::kOutput, 60}});
  const auto total = [&](const char* of, std::int64_t start) {
    json tier = above(start, false, high);
    tier["tier"]["of"] = of;
    const Tariff tariff("m", {row(plain), row(tier)}, {}, "t");
    return static_cast<long>(cost(tariff, mixed).total().picodollars() / 1'000'000);
  };
  EXPECT_EQ(total("input", 100), 322);
  EXPECT_EQ(total("input", 101), 161);
  EXPECT_EQ(total("fresh", 39), 322);
  EXPECT_EQ(total("fresh", 40), 161);
  EXPECT_EQ(total("output", 59), 322);
  EXPECT_EQ(total("total", 160), 322);
  EXPECT_EQ(total("total", 161), 161);
}

TEST(Tariff, WhatATierLeavesOutIsUnknownAboveIt) {
  const Tariff tariff("m",
                      {row({{"input", "3"}, {"cache_write_1h", "6"}, {"output", "15"}}),
                       row(above(100, false, {{"input", "6"}, {"output", "22.5"}}))},
                      {}, "t");
  const Cost cheap = cost(tariff, counts({{Leaf::kCacheWrite1h, 100}}));
  EXPECT_EQ(cheap.state, PriceState::kPriced);
  const Cost dear = cost(tariff, counts({{Leaf::kInput, 1}, {Leaf::kCacheWrite1h, 100}}));
  EXPECT_EQ(dear.state, PriceState::kPartial);
  EXPECT_EQ(dear.unpriced_tokens, 100);
}

TEST(Tariff, ServiceTierBatchAndRegionHaveTheirOwnPrices) {
  const Tariff tariff("m",
                      {row({{"input", "4"}, {"output", "4"}}),
                       row({{"input", "2"}, {"output", "2"}, {"service_tier", "flex"}}),
                       row({{"input", "1"}, {"batch", true}}),
                       row({{"input", "5"}, {"output", "5"}, {"region", "eu"}})},
                      {}, "t");
  const LeafCounts one = counts({{Leaf::kInput, 1'000'000}, {Leaf::kOutput, 1'000'000}});
  const auto usd = [&](const Terms& terms) { return usd_text(cost(tariff, one, terms).total()); };
  const auto state = [&](const Terms& terms) { return cost(tariff, one, terms).state; };
  EXPECT_EQ(usd({0, "", false, ""}), "8");
  for (const char* standard : {"default", "standard", "auto", "on_demand"}) {
    EXPECT_EQ(usd({0, standard, false, ""}), "8") << standard;
  }
  EXPECT_EQ(usd({0, "flex", false, ""}), "4");
  EXPECT_EQ(usd({0, "", false, "eu"}), "10");
  EXPECT_EQ(usd({0, "", false, "us"}), "8");
  // Never the standard price for another tier, nor for what a batch does not price.
  EXPECT_EQ(state({0, "priority", false, ""}), PriceState::kUnknown);
  EXPECT_EQ(state({0, "", true, ""}), PriceState::kPartial);
}

TEST(Tariff, RefusesTiersThatCountDifferentSums) {
  json fresh = above(10, false, {{"input", "2"}});
  fresh["tier"]["of"] = "fresh";
  EXPECT_THROW(Tariff("m", {row(fresh), row(above(20, false, {{"input", "3"}}))}, {}, "t"), Error);
}

TEST(Tariff, RefusesTwoPatternsThatFitAlike) {
  const auto named = [](const char* pattern) {
    return row({{"input", "1"}, {"model", pattern}, {"provider", "p"}});
  };
  EXPECT_THROW(Tariff("ab", {named("a*"), named("*b")}, {}, "t"), Error);
  EXPECT_NO_THROW(Tariff("abc", {named("a*"), named("*bc")}, {}, "t"));
}

TEST(Tariff, APeriodWhoseHolidaysNobodyKnowsHasNoPrice) {
  Calendars calendars;
  calendars["cn"] =
      calendar_from_json({{"from", "2026-01-01"}, {"to", "2027-01-01"}, {"source", "s"}}, "t");
  const Tariff tariff("m",
                      {row({{"input", "1"}}), row({{"input", "2"},
                                                   {"schedule",
                                                    {{"zone", "UTC"},
                                                     {"windows", {"01:00-04:00"}},
                                                     {"holidays", "cn"},
                                                     {"on_holidays", "never"}}}})},
                      calendars, "t");
  const auto state = [&](const char* when) {
    return cost(tariff, counts({{Leaf::kInput, 1}}), {parse_instant(when, "t"), "", false, ""})
        .state;
  };
  EXPECT_EQ(state("2026-12-31T02:00:00Z"), PriceState::kPriced);
  EXPECT_EQ(state("2027-01-01T02:00:00Z"), PriceState::kUnknown);
  EXPECT_EQ(state("2027-01-01T05:00:00Z"), PriceState::kPriced);
}

TEST(Pricer, RemembersNoLongerThanThePriceStays) {
  const Tariff tariff(
      "m",
      {row({{"input", "1"}, {"valid_to", "2026-02-01"}}),
       row({{"input", "2"}, {"valid_from", "2026-02-01"}}),
       row({{"input", "9"}, {"schedule", {{"zone", "UTC"}, {"windows", {"01:00-04:00"}}}}})},
      {}, "t");
  Pricer pricer(tariff);
  const UnixSeconds from = parse_instant("2026-01-30", "t");
  for (const UnixSeconds step : {1800, -3600, 7200}) {
    for (int i = 0; i < 200; ++i) {
      const Terms terms{from + 86'400 + step * i, "", false, ""};
      const auto& quote = pricer.card(terms).steps.front().quote;
      EXPECT_EQ(quote.prices, tariff.card(terms).steps.front().quote.prices);
    }
  }
}

TEST(Tariff, SurvivesJson) {
  Calendars calendars;
  calendars["cn"] =
      calendar_from_json({{"from", "2026-01-01"}, {"to", "2027-01-01"}, {"source", "s"}}, "t");
  calendars["unused"] = calendars["cn"];
  const Tariff tariff("m",
                      {row({{"input", "1"}}), row({{"input", "2"},
                                                   {"schedule",
                                                    {{"zone", "UTC"},
                                                     {"windows", {"01:00-04:00"}},
                                                     {"holidays", "cn"},
                                                     {"on_holidays", "never"}}}})},
                      calendars, "t");
  const json once = to_json(tariff);
  EXPECT_EQ(once["calendars"].size(), 1U);
  EXPECT_EQ(to_json(tariff_from_json(once, "run.json")), once);
}

}  // namespace
}  // namespace pingjia::harness

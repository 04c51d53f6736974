// The shipped price book against published figures. The golden numbers A1-A7 and D2 are those of
// the project's cost research: threads and documents named there, each beside its test.

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "harness/money/cost.h"
#include "harness/money/price_book.h"

namespace pingjia::harness {
namespace {

const PriceBook& book() {
  static const PriceBook shipped =
      load_price_book(PINGJIA_SOURCE_DIR "/adapters/catalog/prices.json");
  return shipped;
}

UnixSeconds at(const std::string& text) {
  return parse_instant(text, "t");
}

struct Tokens {
  std::int64_t input = 0;
  std::int64_t cache_read = 0;
  std::int64_t cache_write = 0;
  std::int64_t output = 0;
};

Cost price(const std::string& model, const Tokens& tokens, const Terms& terms) {
  LeafCounts counts{};
  counts[static_cast<std::size_t>(Leaf::kInput)] = tokens.input;
  counts[static_cast<std::size_t>(Leaf::kCacheRead)] = tokens.cache_read;
  counts[static_cast<std::size_t>(Leaf::kCacheWrite5m)] = tokens.cache_write;
  counts[static_cast<std::size_t>(Leaf::kOutput)] = tokens.output;
  return cost_of_counts(counts, book().tariff({"", model}, "t").card(terms).quote(counts));
}

std::string usd(const std::string& model, const Tokens& tokens,
                const std::string& when = "2026-08-01", const std::string& service_tier = "") {
  const Cost cost = price(model, tokens, {at(when), service_tier, false, ""});
  return cost.known() ? usd_text(cost.total()) : std::string(price_state_name(cost.state));
}

constexpr std::int64_t kMillion = 1'000'000;

// A1: list prices of o1 and R1.
TEST(ShippedPrices, O1AgainstR1) {
  const auto ratio = [](const Tokens& tokens) {
    const Terms terms{at("2025-02-01"), "", false, ""};
    return price("o1", tokens, terms).total().usd() /
           price("deepseek-reasoner", tokens, terms).total().usd();
  };
  EXPECT_NEAR(ratio({kMillion, 0, 0, 0}), 27.27, 0.005);
  EXPECT_NEAR(ratio({0, 0, 0, kMillion}), 27.40, 0.005);
  EXPECT_NEAR(ratio({3 * kMillion, 0, 0, kMillion}), 27.34, 0.005);
}

// A3: BerriAI/litellm#9812; 0.091311 is what billing the cache writes twice gave.
TEST(ShippedPrices, CacheWritesAreBilledOnce) {
  EXPECT_EQ(usd("claude-3-7-sonnet-20250219", {3, 0, 12'304, 550}), "0.054399");
}

// A4: genai-prices tests/test_tiered_pricing.py.
TEST(ShippedPrices, Sonnet45IsReRatedAbove200000) {
  EXPECT_EQ(usd("claude-sonnet-4-5", {200'000, 0, 0, 0}), "0.6");
  EXPECT_EQ(usd("claude-sonnet-4-5", {200'001, 0, 0, 0}), "1.200006");
  EXPECT_EQ(usd("claude-sonnet-4-5", {300'000, 0, 0, 100'000}), "4.05");
}

// A5: genai-prices tests/test_price_calc.py.
TEST(ShippedPrices, Gpt56SolIsReRatedAbove272000) {
  const Cost cost =
      price("gpt-5.6-sol", {150'000, 50'000, 100'000, 10'000}, {at("2026-08-01"), "", false, ""});
  EXPECT_EQ(usd_text(cost.input), "2.8");
  EXPECT_EQ(usd_text(cost.output), "0.45");
  EXPECT_EQ(usd("gpt-5.6-sol", {0, 0, 272'000, 0}), "1.7");
  EXPECT_EQ(usd("gpt-5.6-sol", {0, 0, 272'001, 0}), "3.4000125");
}

// A6: defog-ai/defog#303.
TEST(ShippedPrices, Gpt5MiniByTheTierThatServed) {
  EXPECT_EQ(usd("gpt-5-mini", {1000, 1000, 0, 500}), "0.001275");
  EXPECT_EQ(usd("gpt-5-mini", {1000, 1000, 0, 500}, "2026-08-01", "flex"), "0.0006375");
  EXPECT_EQ(usd("gpt-5-mini", {1000, 1000, 0, 500}, "2026-08-01", "scale"), "unknown");
}

// A7: the four instants of V4-Pro.
TEST(ShippedPrices, V4ProByTheClock) {
  const auto output = [](const char* when) {
    return usd("deepseek-v4-pro", {0, 0, 0, kMillion}, when);
  };
  EXPECT_EQ(output("2026-08-25T02:00:00Z"), "3.96");
  EXPECT_EQ(output("2026-08-22T02:00:00Z"), "3.96");
  EXPECT_EQ(output("2026-08-29T02:00:00Z"), "1.98");
  EXPECT_EQ(output("2026-10-01T02:00:00Z"), "1.98");
}

// D2: DeepSeek's open-infra-index, day 6: 562,027 USD a day at R1's list price; the token counts
// are published to the billion, so 0.1 %.
TEST(ShippedPrices, DeepSeeksTheoreticalDay) {
  constexpr std::int64_t kBillion = 1'000'000'000;
  const Cost cost = price("deepseek-reasoner", {266 * kBillion, 342 * kBillion, 0, 168 * kBillion},
                          {at("2025-02-26"), "", false, ""});
  EXPECT_EQ(usd_text(cost.total()), "562100");
  EXPECT_NEAR(cost.total().usd(), 562'027, 562.027);
}

TEST(ShippedPrices, AnUnknownModelIsUnknownAndARetiredNameToo) {
  EXPECT_EQ(usd("gpt-99", {1, 0, 0, 1}), "unknown");
  EXPECT_EQ(usd("deepseek-chat", {1, 0, 0, 1}, "2026-07-24T15:58:59Z"), "0.00000042");
  EXPECT_EQ(usd("deepseek-chat", {1, 0, 0, 1}, "2026-07-24T15:59:00Z"), "unknown");
}

// Everything below is DeepSeek's calendar, written out a second time as plain rules and compared
// with the book in every hour of a week before and after each change.

struct Price {
  const char* hit;
  const char* miss;
  const char* out;
};

constexpr Price kV3{"0.07", "0.27", "1.1"};
constexpr Price kR1{"0.14", "0.55", "2.19"};
constexpr Price kNight{"0.035", "0.135", "0.55"};
constexpr Price kV31{"0.07", "0.56", "1.68"};
constexpr Price kV32{"0.028", "0.28", "0.42"};
constexpr Price kProFlat{"0.003625", "0.435", "0.87"};
constexpr Price kProPeak{"0.044", "1.32", "3.96"};
constexpr Price kProRest{"0.022", "0.66", "1.98"};
constexpr Price kFlashFlat{"0.0028", "0.14", "0.28"};
constexpr Price kFlashPeak{"0.014", "0.44", "1.32"};
constexpr Price kFlashRest{"0.007", "0.22", "0.66"};
constexpr Price kFlash41Peak{"0.006", "0.3", "1.2"};
constexpr Price kFlash41Rest{"0.003", "0.15", "0.6"};

// Seconds of the UTC day.
UnixSeconds clock_of(UnixSeconds when) {
  return when % 86'400;
}

// 01:00-04:00 and 06:00-10:00 UTC.
bool peak_hours(UnixSeconds when) {
  const auto hour = clock_of(when) / 3600;
  return (hour >= 1 && hour < 4) || (hour >= 6 && hour < 10);
}

// Monday to Friday of Beijing, but for the days off that lie in the weeks looked at.
bool working_day(UnixSeconds when) {
  const auto day = (when + 8 * 3600) / 86'400;
  const bool weekday = (day + 3) % 7 < 5;
  for (const char* off :
       {"2026-09-25", "2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"}) {
    if (day == at(off) / 86'400) return false;
  }
  return weekday;
}

bool night(UnixSeconds when) {
  return clock_of(when) >= 59'400 || clock_of(when) < 1'800;
}

bool is_peak(UnixSeconds when) {
  if (when < at("2026-08-16T16:00:00Z") || !peak_hours(when)) return false;
  return when < at("2026-08-22T16:00:00Z") || working_day(when);
}

Price pro(UnixSeconds when) {
  if (when < at("2026-08-16T16:00:00Z")) return kProFlat;
  return is_peak(when) ? kProPeak : kProRest;
}

Price flash(UnixSeconds when) {
  if (when < at("2026-08-16T16:00:00Z")) return kFlashFlat;
  if (when < at("2026-09-10T04:00:00Z")) return is_peak(when) ? kFlashPeak : kFlashRest;
  return is_peak(when) ? kFlash41Peak : kFlash41Rest;
}

Price of_2025(UnixSeconds when, Price standard) {
  if (when >= at("2025-09-29")) return kV32;
  if (when >= at("2025-09-05T16:00:00Z")) return kV31;
  return when >= at("2025-02-26T16:30:00Z") && night(when) ? kNight : standard;
}

void expect_week(const std::string& model, UnixSeconds from,
                 const std::function<Price(UnixSeconds)>& published) {
  const Tariff tariff = book().tariff({"deepseek", model}, "t");
  // The hours, and the edges between them.
  for (UnixSeconds hour = from; hour < from + 168 * 3600; hour += 3600) {
    for (const UnixSeconds when : {hour, hour + 1'799, hour + 1'800, hour + 3'599}) {
      const Quote quote = tariff.card({when, "", false, ""}).steps.front().quote;
      const auto shown = [&](Leaf leaf) {
        const auto& one = quote.prices[static_cast<std::size_t>(leaf)];
        return one ? price_text(*one) : "none";
      };
      const Price expected = published(when);
      ASSERT_EQ(shown(Leaf::kCacheRead), expected.hit) << model << " " << instant_text(when);
      ASSERT_EQ(shown(Leaf::kInput), expected.miss) << model << " " << instant_text(when);
      ASSERT_EQ(shown(Leaf::kOutput), expected.out) << model << " " << instant_text(when);
    }
  }
}

void expect_weeks_around(const std::string& model, const char* change,
                         const std::function<Price(UnixSeconds)>& published) {
  expect_week(model, at(change) - 168 * 3600, published);
  expect_week(model, at(change), published);
}

class DeepSeekCalendar : public testing::TestWithParam<const char*> {};

TEST_P(DeepSeekCalendar, AllHoursOfTheWeeksAroundAChangeOf2026) {
  expect_weeks_around("deepseek-v4-pro", GetParam(), pro);
  expect_weeks_around("deepseek-v4-flash", GetParam(), flash);
}

INSTANTIATE_TEST_SUITE_P(Changes, DeepSeekCalendar,
                         testing::Values("2026-08-16T16:00:00Z", "2026-08-22T16:00:00Z",
                                         "2026-09-10T04:00:00Z", "2026-09-24T16:00:00Z",
                                         "2026-09-30T16:00:00Z", "2026-10-07T16:00:00Z"));

class DeepSeekNights : public testing::TestWithParam<const char*> {};

TEST_P(DeepSeekNights, AllHoursOfTheWeeksAroundAChangeOf2025) {
  expect_weeks_around("deepseek-chat", GetParam(),
                      [](UnixSeconds when) { return of_2025(when, kV3); });
  expect_weeks_around("deepseek-reasoner", GetParam(),
                      [](UnixSeconds when) { return of_2025(when, kR1); });
}

INSTANTIATE_TEST_SUITE_P(Changes, DeepSeekNights,
                         testing::Values("2025-02-26T16:30:00Z", "2025-09-05T16:00:00Z",
                                         "2025-09-29"));

// Between the sittings of rules nothing is repriced: what a request cost stays what it cost.
TEST(ShippedPrices, EveryRowHasSourceAndDate) {
  for (const auto& row : book().rows()) {
    EXPECT_NE(row.source.find("https://"), std::string::npos) << row_text(row);
    EXPECT_EQ(row.date.size(), 10U) << row_text(row);
  }
  EXPECT_GE(book().rows().size(), 60U);
}

}  // namespace
}  // namespace pingjia::harness

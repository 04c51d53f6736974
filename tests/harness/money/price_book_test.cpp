#include "harness/money/price_book.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"

namespace pingjia::harness {
namespace {

using nlohmann::json;

PriceBook book_of(const std::vector<json>& rows) {
  return price_book_from_json({{"schema_version", 1}, {"rows", rows}}, "book");
}

json row(const std::string& model, const std::string& input) {
  return {{"provider", "p"}, {"model", model},   {"input", input},
          {"output", "1"},   {"source", "test"}, {"date", "2025-01-01"}};
}

constexpr UnixSeconds kThen = 1'750'000'000;

// The price of fresh input, "none" where there is none.
std::string input_of(const PriceBook& book, const PriceQuery& query,
                     const Terms& terms = {kThen, "", false, ""}) {
  const QuoteCard card = book.tariff(query, "t").card(terms);
  const auto& price = card.steps.front().quote.prices[0];
  return price ? price_text(*price) : "none";
}

std::string refusal_of(const std::vector<json>& rows) {
  try {
    book_of(rows);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(PriceBook, FindsTheMostSpecificRow) {
  const PriceBook book = book_of({row("fast*", "1"), row("fast-2", "2"), row("fast-2*", "3")});
  EXPECT_EQ(input_of(book, {"p", "fast-2"}), "2");
  EXPECT_EQ(input_of(book, {"p", "fast-2-turbo"}), "3");
  EXPECT_EQ(input_of(book, {"p", "fast-1"}), "1");
  EXPECT_EQ(input_of(book, {"p", "slow"}), "none");
}

TEST(PriceBook, KnowsADatedNameOnlyWhereARowSaysSo) {
  const PriceBook book = book_of({row("mini", "1"), row("sol", "2"), row("sol-####-##-##", "2")});
  EXPECT_EQ(input_of(book, {"p", "mini-2025-08-07"}), "none");
  EXPECT_EQ(book.suggestion({"", "mini-2025-08-07"}), "see 'pingjia prices show'");
  EXPECT_EQ(book.suggestion({"", "mimi"}), "did you mean 'mini'?");
  EXPECT_EQ(input_of(book, {"p", "sol-2025-08-07"}), "2");
  EXPECT_EQ(input_of(book, {"p", "sol-2025-08-x7"}), "none");
}

TEST(PriceBook, ProviderMayStandBeforeTheName) {
  const PriceBook book = book_of({row("p/m", "1"), row("n", "2")});
  EXPECT_EQ(input_of(book, {"", "p/m"}), "1");
  EXPECT_EQ(input_of(book, {"p", "m"}), "1");
  EXPECT_EQ(input_of(book, {"", "p/n"}), "2");
}

TEST(PriceBook, KeepsToDates) {
  json old = row("m", "1");
  old["valid_to"] = "2025-03-01";
  json later = row("m", "2");
  later["valid_from"] = "2025-03-01";
  later["valid_to"] = "2025-06-01T12:00:00Z";
  const PriceBook book = book_of({later, old});
  const auto at = [&](const char* when) {
    return input_of(book, {"p", "m"}, {parse_instant(when, "t"), "", false, ""});
  };
  EXPECT_EQ(at("2025-02-28T23:59:59Z"), "1");
  EXPECT_EQ(at("2025-03-01"), "2");
  EXPECT_EQ(at("2025-06-01T11:59:59Z"), "2");
  EXPECT_EQ(at("2025-06-01T12:00:00Z"), "none");
}

TEST(PriceBook, WithoutProviderFindsOnlyWhatIsUnambiguous) {
  json other = row("m", "2");
  other["provider"] = "q";
  const PriceBook book = book_of({row("m", "1"), other, row("only", "3")});
  EXPECT_EQ(input_of(book, {"", "only"}), "3");
  try {
    book.tariff({"", "m"}, "--model");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "--model: several providers price 'm'; name one of them: p, q");
  }
  EXPECT_EQ(input_of(book, {"q", "m"}), "2");
}

TEST(PriceBook, ALaterBookLiesOverAnEarlierOneLeafByLeaf) {
  json tier = row("m", "5");
  tier["tier"] = {{"start", 100}, {"inclusive", false}};
  PriceBook book = book_of({row("m", "1"), tier});
  json above = row("m", "9");
  above.erase("output");
  book.overlay(book_of({above}));
  const QuoteCard card = book.tariff({"p", "m"}, "t").card({kThen, "", false, ""});
  const Quote& quote = card.quote({200});
  EXPECT_EQ(quote.prices[static_cast<std::size_t>(Leaf::kInput)], 9'000'000);
  EXPECT_EQ(quote.prices[static_cast<std::size_t>(Leaf::kOutput)], 1'000'000);
}

TEST(PriceBook, RefusesBadRows) {
  const auto refused = [](const char* key, const json& value) {
    json bad = row("m", "1");
    bad[key] = value;
    EXPECT_THROW(book_of({bad}), Error) << key << " " << value;
  };
  refused("inptu", "1");
  refused("input", "-1");
  refused("input", "cheap");
  refused("currency", "CNY");
  refused("date", "yesterday");
  refused("source", "");
  refused("valid_to", "tomorrow");
  refused("models", {"m"});
  refused("tier", {{"start", -1}, {"inclusive", true}});
  refused("tier", {{"start", 1}});
  refused("tier", {{"start", 1}, {"inclusive", true}, {"of", "everything"}});
  refused("schedule", {{"zone", "Asia/Shangai"}});
  refused("schedule", {{"zone", "UTC"}, {"weekdays", {"moon"}}});
  refused("schedule", {{"zone", "UTC"}, {"windows", {"9-12"}}});
  refused("schedule", {{"zone", "UTC"}, {"holidays", "china"}, {"on_holidays", "never"}});
  EXPECT_THROW(price_book_from_json({{"schema_version", 99}, {"rows", json::array()}}, "b"), Error);
}

TEST(PriceBook, SaysInOneLineWhatIsWrong) {
  json misspelt = row("m", "1");
  misspelt["cache_raed"] = "0.1";
  EXPECT_EQ(refusal_of({misspelt}),
            "book: rows[0]: unknown key 'cache_raed'; did you mean 'cache_read'?");
  json yuan = row("m", "1");
  yuan["currency"] = "CNY";
  EXPECT_EQ(refusal_of({yuan}),
            "book: rows[0].currency: 'CNY' has no rate of exchange here; add one to the book's "
            "\"exchange_rates\", or give the price in USD");
  json zone = row("m", "1");
  zone["schedule"] = {{"zone", "Asia/Shangai"}};
  EXPECT_NE(refusal_of({zone}).find("did you mean 'Asia/Shanghai'?"), std::string::npos);
}

TEST(PriceBook, RefusesRowsThatCouldPriceTheSameTokens) {
  EXPECT_NE(refusal_of({row("m", "1"), row("m", "2")}).find("at the same time"), std::string::npos);
  json from = row("m", "2");
  from["valid_from"] = "2025-01-01";
  EXPECT_NE(refusal_of({row("m", "1"), from}), "accepted");
  const auto scheduled = [](const std::vector<std::string>& windows) {
    json one = row("m", "2");
    one["schedule"] = {{"zone", "UTC"}, {"windows", windows}};
    return one;
  };
  EXPECT_EQ(refusal_of({row("m", "1"), scheduled({"01:00-04:00"}), scheduled({"04:00-05:00"})}),
            "accepted");
  EXPECT_NE(refusal_of({scheduled({"01:00-04:00"}), scheduled({"23:00-01:30"})}), "accepted");
  json flex = row("m", "2");
  flex["service_tier"] = "flex";
  json batch = row("m", "2");
  batch["batch"] = true;
  json region = row("m", "2");
  region["region"] = "eu";
  EXPECT_EQ(refusal_of({row("m", "1"), flex, batch, region}), "accepted");
  json leaf = row("m", "1");
  leaf.erase("input");
  json other = row("m", "1");
  other.erase("output");
  EXPECT_EQ(refusal_of({leaf, other}), "accepted");
}

TEST(PriceBook, SurvivesJson) {
  json peak = row("m", "2");
  peak["schedule"] = {{"zone", "Asia/Shanghai"},
                      {"weekdays", {"mon", "sun"}},
                      {"windows", {"09:00-12:00", "22:00-00:30"}},
                      {"holidays", "cn"},
                      {"on_holidays", "never"}};
  peak["tier"] = {{"start", 5}, {"inclusive", true}, {"of", "total"}};
  peak["service_tier"] = "flex";
  peak["region"] = "eu";
  peak["batch"] = true;
  const json given{{"schema_version", 1},
                   {"calendars",
                    {{"cn",
                      {{"from", "2025-01-01"},
                       {"to", "2026-01-01"},
                       {"days", {"2025-05-01..2025-05-03"}},
                       {"source", "s"}}}}},
                   {"rows", {row("m", "1"), peak}}};
  const json once = to_json(price_book_from_json(given, "b"));
  EXPECT_EQ(to_json(price_book_from_json(once, "b")), once);
  EXPECT_EQ(once["rows"][1]["schedule"], peak["schedule"]);
  EXPECT_EQ(once["calendars"]["cn"]["days"].size(), 3U);
}

TEST(PriceRow, TakesNumbersAsTheyWereWritten) {
  const PriceRow read = price_row_from_json({{"input", 0.1}, {"output", 3}}, "price");
  EXPECT_EQ(read.price(Leaf::kInput), 100'000);
  EXPECT_EQ(read.price(Leaf::kOutput), 3'000'000);
  EXPECT_FALSE(read.price(Leaf::kCacheRead));
  EXPECT_THROW(price_row_from_json({{"source", "nobody"}}, "price"), Error);
}

TEST(PriceRow, PatternsKnowStarsAndDigits) {
  EXPECT_TRUE(fits_pattern("gpt-*", "gpt-4o"));
  EXPECT_TRUE(fits_pattern("*sonnet*", "claude-sonnet-5"));
  EXPECT_TRUE(fits_pattern("*-mini", "gpt-5-mini-mini"));
  EXPECT_TRUE(fits_pattern("a*b*c", "aXbYbZc"));
  EXPECT_FALSE(fits_pattern("a*b*c", "aXbYbZ"));
  EXPECT_TRUE(fits_pattern("m-##", "m-07"));
  EXPECT_FALSE(fits_pattern("m-##", "m-7"));
  EXPECT_FALSE(fits_pattern("", "m"));
  EXPECT_TRUE(fits_pattern("*", ""));
}

}  // namespace
}  // namespace pingjia::harness

#include "harness/money/price_book.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"

namespace pingjia::harness {
namespace {

using nlohmann::json;

PriceBook book_of(const json& rows) {
  return price_book_from_json({{"schema_version", 1}, {"rows", rows}}, "book");
}

json row(const std::string& model, const std::string& input) {
  return {{"provider", "p"}, {"model", model},   {"input", input},
          {"output", "1"},   {"source", "test"}, {"date", "2025-01-01"}};
}

TEST(PriceBook, FindsTheMostSpecificRow) {
  const PriceBook book = book_of({row("fast*", "1"), row("fast-2", "2"), row("fast-2*", "3")});
  const auto input = [&](const std::string& model) {
    const PriceRow* found = book.find({"p", model, {}});
    return found ? price_text(found->price(Leaf::kInput).value()) : "none";
  };
  EXPECT_EQ(input("fast-2"), "2");
  EXPECT_EQ(input("fast-2-turbo"), "3");
  EXPECT_EQ(input("fast-1"), "1");
  EXPECT_EQ(input("slow"), "none");
}

TEST(PriceBook, KeepsToDates) {
  json old = row("m", "1");
  old["valid_to"] = "2025-03-01";
  json later = row("m", "2");
  later["valid_from"] = "2025-03-01";
  later["valid_to"] = "2025-06-01T12:00:00Z";
  const PriceBook book = book_of({later, old});
  const auto at = [&](const char* when) {
    const PriceRow* found = book.find({"p", "m", parse_instant(when, "t")});
    return found ? price_text(found->price(Leaf::kInput).value()) : "none";
  };
  EXPECT_EQ(at("2025-02-28T23:59:59Z"), "1");
  EXPECT_EQ(at("2025-03-01"), "2");
  EXPECT_EQ(at("2025-06-01T11:59:59Z"), "2");
  EXPECT_EQ(at("2025-06-01T12:00:00Z"), "none");
  EXPECT_EQ(book.find({"p", "m", {}}), nullptr);
}

TEST(PriceBook, WithoutProviderFindsOnlyWhatIsUnambiguous) {
  json other = row("m", "2");
  other["provider"] = "q";
  const PriceBook book = book_of({row("m", "1"), other, row("only", "3")});
  EXPECT_EQ(book.find({"", "m", {}}), nullptr);
  EXPECT_NE(book.find({"", "only", {}}), nullptr);
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
  EXPECT_THROW(book_of({row("m", "1"), row("m", "2")}), Error);
  EXPECT_THROW(price_book_from_json({{"schema_version", 99}, {"rows", json::array()}}, "b"), Error);
  EXPECT_THROW(price_row_from_json({{"source", "nobody"}}, "price"), Error);
}

TEST(PriceRow, TakesNumbersAsTheyWereWritten) {
  const PriceRow read = price_row_from_json({{"input", 0.1}, {"output", 3}}, "price");
  EXPECT_EQ(read.price(Leaf::kInput), 100'000);
  EXPECT_EQ(read.price(Leaf::kOutput), 3'000'000);
  EXPECT_FALSE(read.price(Leaf::kCacheRead));
}

TEST(PriceRow, SurvivesJson) {
  json given = row("m", "0.27");
  given["valid_from"] = "2025-02-08T16:00:00Z";
  given["valid_to"] = "2025-03-01";
  given["cache_read"] = "0.07";
  const PriceRow first = price_row_from_json(given, "row");
  const PriceRow again = price_row_from_json(to_json(first), "row");
  EXPECT_EQ(again.prices, first.prices);
  EXPECT_EQ(again.valid_from, first.valid_from);
  EXPECT_EQ(again.valid_to, first.valid_to);
  EXPECT_EQ(again.source, "test");
}

TEST(ShippedPrices, LoadAndHoldPublishedFigures) {
  const PriceBook book = load_price_book(PINGJIA_SOURCE_DIR "/adapters/catalog/prices.json");
  const PriceRow* o1 = book.find({"openai", "o1", {}});
  const auto then = parse_instant("2025-02-01", "t");
  const PriceRow* r1 = book.find({"deepseek", "deepseek-reasoner", then});
  ASSERT_TRUE(o1 && r1);
  // o1 15/60 against R1 0.55/2.19: 27.27 and 27.40 times.
  const auto times_dearer = [&](Leaf leaf) {
    return static_cast<double>(o1->price(leaf).value()) /
           static_cast<double>(r1->price(leaf).value());
  };
  EXPECT_NEAR(times_dearer(Leaf::kInput), 27.27, 0.005);
  EXPECT_NEAR(times_dearer(Leaf::kOutput), 27.40, 0.005);
  // Prices by the hour of the day are not in the book, so today's price is unknown.
  EXPECT_EQ(book.find({"deepseek", "deepseek-reasoner", {}}), nullptr);
}

}  // namespace
}  // namespace pingjia::harness

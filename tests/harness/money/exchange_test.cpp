#include "harness/money/exchange.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/money/price_book.h"

namespace pingjia::harness {
namespace {

using nlohmann::json;

json yuan_book(const std::vector<json>& rates) {
  return {{"schema_version", 1},
          {"exchange_rates", rates},
          {"rows", json::array({{{"provider", "p"},
                                 {"model", "m"},
                                 {"input", "4.5"},
                                 {"output", "13.5"},
                                 {"currency", "CNY"},
                                 {"source", "s"},
                                 {"date", "2026-08-24"}}})}};
}

json rate(const char* usd, const char* from) {
  return {{"currency", "CNY"}, {"usd", usd}, {"from", from}, {"source", "bank"}};
}

TEST(Exchange, EachDayHasItsRate) {
  const PriceBook book = price_book_from_json(
      yuan_book({rate("0.15", "2026-01-01"), rate("0.14", "2026-07-01")}), "b");
  const Tariff tariff = book.tariff({"p", "m"}, "t");
  const auto input = [&](const char* when) {
    return price_text(tariff.card({parse_instant(when, "t"), "", false, ""})
                          .steps.front()
                          .quote.prices[0]
                          .value());
  };
  EXPECT_EQ(input("2025-01-01"), "0.675");
  EXPECT_EQ(input("2026-06-30T23:59:59Z"), "0.675");
  EXPECT_EQ(input("2026-07-01"), "0.63");
}

// A list in yuan is not the list in dollars times a rate: DeepSeek's pairs are 6.818 apart, and 7.2
// would give 5 % less.
TEST(Exchange, PairsOfListPricesHaveTheirOwnRate) {
  const PriceBook book =
      price_book_from_json(yuan_book({rate("0.146666666667", "2026-01-01")}), "b");
  EXPECT_EQ(price_text(book.rows()[0].prices[0].value()), "0.66");
  EXPECT_EQ(price_text(book.rows()[0].price(Leaf::kOutput).value()), "1.98");
}

TEST(Exchange, RefusesWhatItCannotTurnIntoDollars) {
  EXPECT_THROW(price_book_from_json(yuan_book({}), "b"), Error);
  EXPECT_THROW(price_book_from_json(yuan_book({rate("0", "2026-01-01")}), "b"), Error);
  EXPECT_THROW(price_book_from_json(yuan_book({rate("-1", "2026-01-01")}), "b"), Error);
}

}  // namespace
}  // namespace pingjia::harness

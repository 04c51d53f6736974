#include "harness/money/picodollars.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace pingjia::harness {
namespace {

TEST(Price, IsExactInPicodollarsPerToken) {
  EXPECT_EQ(parse_price("0.55", "t"), 550'000);
  EXPECT_EQ(parse_price("15", "t"), 15'000'000);
  EXPECT_EQ(parse_price("0.0028", "t"), 2'800);
  EXPECT_EQ(parse_price("0.000001", "t"), 1);
  EXPECT_EQ(parse_price("0", "t"), 0);
  EXPECT_EQ(parse_price("2.1900000000000", "t"), 2'190'000);
  EXPECT_EQ(parse_price("1e-05", "t"), 10);
}

TEST(Price, OfOtherTextIsRefused) {
  for (const char* text : {"", "free", "-0.1", "0.0000001", "1,5", "$1", "2000000", "1e999", "."}) {
    EXPECT_THROW(parse_price(text, "t"), Error) << text;
  }
}

TEST(Price, PrintsAsItWasWritten) {
  for (const char* text : {"0.55", "15", "0.0028", "0.000001", "0", "1234.5"}) {
    EXPECT_EQ(price_text(parse_price(text, "t")), text);
  }
}

TEST(Money, OfUsdIsExact) {
  EXPECT_TRUE(parse_usd("0.08", "t") == Money(80'000'000'000));
  EXPECT_EQ(usd_text(parse_usd("1.00", "t")), "1");
  EXPECT_EQ(usd_text(parse_usd("0.000000000001", "t")), "0.000000000001");
  EXPECT_EQ(usd_text(parse_usd("123456789012.5", "t")), "123456789012.5");
  EXPECT_THROW(parse_usd("0.0000000000001", "t"), Error);
}

TEST(Money, PrintsDebts) {
  EXPECT_EQ(usd_text(Money() - parse_usd("1.5", "t")), "-1.5");
  EXPECT_EQ(usd_text(Money() - Money(1)), "-0.000000000001");
  EXPECT_EQ(usd_text(Money()), "0");
}

TEST(Money, SumsBeyond64Bits) {
  Money sum;
  for (int i = 0; i < 1000; ++i) sum += times(parse_price("1000000", "t"), 1'000'000'000);
  EXPECT_EQ(usd_text(sum), "1000000000000");
}

TEST(Money, OfDigitsAndBack) {
  for (const auto* digits : {"0", "7", "-7", "340282366920938463463374607431768"}) {
    EXPECT_EQ(picodollars_text(whole_picodollars(digits)), digits);
  }
  EXPECT_EQ(picodollars_text(whole_picodollars("12.000")), "12");
}

// A tenth of a cent added ten thousand times is ten dollars, which binary floats miss.
TEST(Money, AddsWithoutDrift) {
  Money sum;
  for (int i = 0; i < 10'000; ++i) sum += parse_usd("0.001", "t");
  EXPECT_TRUE(sum == parse_usd("10", "t"));
}

}  // namespace
}  // namespace pingjia::harness

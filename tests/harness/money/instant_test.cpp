#include "harness/money/instant.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace pingjia::harness {
namespace {

TEST(ParseInstant, ReadsDatesAndTimesOfUtc) {
  EXPECT_EQ(parse_instant("1970-01-02", "t"), 86'400);
  EXPECT_EQ(parse_instant("2026-08-16T16:00:00Z", "t"), 1'786'896'000);
  EXPECT_EQ(parse_instant("2024-02-29", "t"), 1'709'164'800);
  for (const char* text : {"2025-02-29", "2025-13-01", "25-01-01", "2025-01-01T24:00:00Z",
                           "2025-01-01 00:00:00", "2025-01-01T00:00:00", "+025-01-01", ""}) {
    EXPECT_THROW(parse_instant(text, "t"), Error) << text;
  }
}

TEST(InstantText, IsReadBack) {
  for (const char* text : {"2025-02-08", "2026-08-16T16:00:00Z", "1969-12-31T23:59:59Z"}) {
    EXPECT_EQ(instant_text(parse_instant(text, "t")), text);
  }
}

}  // namespace
}  // namespace pingjia::harness

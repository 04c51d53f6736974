#include "harness/base/utf8.h"

#include <gtest/gtest.h>

#include "harness/base/rng.h"

namespace pingjia::harness {
namespace {

const std::string kBad = "\xEF\xBF\xBD";

TEST(Utf8, GoodTextIsUnchanged) {
  const std::string text = "píngjià 评价 \xF0\x9F\x98\x80";
  EXPECT_EQ(valid_utf8(text), text);
  EXPECT_EQ(whole_code_points(text), text.size());
}

TEST(Utf8, BadBytesAreReplaced) {
  EXPECT_EQ(valid_utf8("a\xff"), "a" + kBad);
  EXPECT_EQ(valid_utf8("\xC0\x80"), kBad + kBad);             // overlong
  EXPECT_EQ(valid_utf8("\xED\xA0\x80"), kBad + kBad + kBad);  // surrogate
  EXPECT_EQ(valid_utf8("\xF0\x9F\x98x"), kBad + "x");         // cut short: one bad subpart
}

TEST(Utf8, AnUnfinishedCodePointIsHeldBack) {
  const std::string text = "ok\xE8\xAF";
  EXPECT_EQ(whole_code_points(text), 2U);
  EXPECT_EQ(whole_code_points("ok\xff"), 3U);  // Bad, but not unfinished.
}

TEST(Utf8, RandomBytesBecomeStable) {
  Rng rng(1, "utf8");
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (std::uint64_t i = rng.below(20); i > 0; --i) text += static_cast<char>(rng.below(256));
    const std::string once = valid_utf8(text);
    EXPECT_EQ(valid_utf8(once), once);
  }
}

}  // namespace
}  // namespace pingjia::harness

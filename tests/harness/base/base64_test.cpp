#include "harness/base/base64.h"

#include <gtest/gtest.h>

namespace pingjia::harness {
namespace {

TEST(Base64, IsThatOfRfc4648) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xFB\xFF\xFE"), "+//+");
}

TEST(Base64, PadsOnlyAtTheEndOfALongText) {
  const std::string text = base64(std::string((3 << 20) + 1, 'a'));
  EXPECT_EQ(text.find('='), text.size() - 2);
  EXPECT_EQ(text.size(), std::size_t{((3 << 20) + 3) / 3 * 4});
}

}  // namespace
}  // namespace pingjia::harness

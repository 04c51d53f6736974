#include "harness/base/csv.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace pingjia::harness {
namespace {

using Rows = std::vector<std::vector<std::string>>;

TEST(Csv, ReadsQuotesEmbeddedLineEndsAndByteOrderMark) {
  EXPECT_EQ(parse_csv("\xEF\xBB\xBF"
                      "a,b\r\n\"x, \"\"y\"\"\",\"1\n2\"\r\n,\n",
                      "t"),
            (Rows{{"a", "b"}, {"x, \"y\"", "1\n2"}, {"", ""}}));
  EXPECT_EQ(parse_csv("a\n\nb", "t"), (Rows{{"a"}, {"b"}}));
  EXPECT_EQ(parse_csv("", "t"), Rows{});
}

TEST(Csv, RefusesBrokenText) {
  const auto error_of = [](std::string_view text) {
    try {
      parse_csv(text, "t.csv");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  EXPECT_NE(error_of("a,b\n\"x,1\n2").find("t.csv line 2: a quote is never closed"),
            std::string::npos);
  EXPECT_NE(error_of("a\n\"x\"y\n").find("text follows a closed quote"), std::string::npos);
  EXPECT_NE(error_of("a,b\n1,2\n1\n").find("line 3: has 1 cells, the first row has 2"),
            std::string::npos);
}

}  // namespace
}  // namespace pingjia::harness

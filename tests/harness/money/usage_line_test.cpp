#include "harness/money/usage_line.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace pingjia::harness {
namespace {

std::string refusal_of(const char* text) {
  try {
    parse_usage_line(text, "line 3");
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(UsageLine, ReadsLeavesAndTerms) {
  const UsageLine line = parse_usage_line(
      R"({"id":"a\"b","usage":{"input":5,"cache_write_1h":7.0,"reasoning":null},
          "at":"2026-08-25T02:00:00+08:00","service_tier":"flex","batch":true,"region":"eu"})",
      "t");
  EXPECT_EQ(line.id, R"("a\"b")");
  EXPECT_EQ(line.counts[static_cast<std::size_t>(Leaf::kInput)], 5);
  EXPECT_EQ(line.counts[static_cast<std::size_t>(Leaf::kCacheWrite1h)], 7);
  EXPECT_TRUE(line.counted);
  EXPECT_EQ(line.at, parse_instant("2026-08-24T18:00:00Z", "t"));
  EXPECT_EQ(line.service_tier, "flex");
  EXPECT_EQ(line.batch, true);
  EXPECT_EQ(line.region, "eu");
}

TEST(UsageLine, WithoutALeafIsNotCounted) {
  for (const char* text : {R"({"id":1,"usage":{}})", R"({"id":1,"usage":null})",
                           R"({"id":1,"usage":{"input":null}})"}) {
    EXPECT_FALSE(parse_usage_line(text, "t").counted) << text;
  }
  EXPECT_TRUE(parse_usage_line(R"({"id":1,"usage":{"input":0}})", "t").counted);
}

TEST(UsageLine, RefusesInOneLineEach) {
  EXPECT_EQ(refusal_of(R"({"id":1,"usage":{"inptu":5}})"),
            "line 3: unknown leaf 'inptu' in usage; did you mean 'input'?");
  EXPECT_EQ(refusal_of(R"({"id":1,"usage":{"output":-5}})"),
            "line 3: usage.output: -5 is negative; count no less than 0 tokens");
  EXPECT_EQ(refusal_of(R"({"id":1,"usage":{"output":1.5}})"),
            "line 3: usage.output: expected a whole number of tokens, found 1.5; change the value");
  EXPECT_EQ(refusal_of(R"({"id":1,"usage":{"input":9223372036854775807,"output":1}})"),
            "line 3: usage.output: 1 makes more than 2^63 - 1 tokens; check the count");
  EXPECT_EQ(refusal_of(R"({"id":1,"usage":{"input":99999999999999999999999}})"),
            "line 3: usage.input: 99999999999999999999999 makes more than 2^63 - 1 tokens; check "
            "the count");
  EXPECT_EQ(refusal_of(R"({"usage":{"input":1}})"),
            "line 3: \"id\" is missing; give each line its id");
  EXPECT_EQ(refusal_of(R"({"id":1})"), "line 3: \"usage\" is missing; give the tokens by leaf");
  EXPECT_EQ(refusal_of(R"({"id":1,"usgae":{}})"),
            "line 3: unknown key 'usgae'; did you mean 'usage'?");
}

TEST(UsageLine, RefusesOtherShapes) {
  for (const char* text : {"",
                           "[]",
                           "5",
                           "null",
                           "\"x\"",
                           "{",
                           R"({"id":null,"usage":{}})",
                           R"({"id":true,"usage":{}})",
                           R"({"id":{},"usage":{}})",
                           R"({"id":1,"usage":[]})",
                           R"({"id":1,"usage":5})",
                           R"({"id":1,"usage":{"input":"5"}})",
                           R"({"id":1,"usage":{"input":true}})",
                           R"({"id":1,"usage":{"input":{}}})",
                           R"({"id":1,"usage":{"input":[1]}})",
                           R"({"id":1,"id":2,"usage":{}})",
                           R"({"id":1,"usage":{"input":1,"input":2}})",
                           R"({"id":1,"usage":{"input":1}} x)",
                           R"({"id":1,"usage":{"input":1e999}})",
                           R"({"id":1,"usage":{},"at":"noon"})",
                           R"({"id":1,"usage":{},"batch":"yes"})"}) {
    EXPECT_NE(refusal_of(text), "accepted") << text;
  }
}

}  // namespace
}  // namespace pingjia::harness

#include "reports/html/json_string.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace pingjia::reports {
namespace {

std::string json_of(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonString, EscapesAsJsonStringifyDoes) {
  EXPECT_EQ(json_of("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"");
  EXPECT_EQ(json_of("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
  EXPECT_EQ(json_of(std::string_view("\x01\0\x1f", 3)), "\"\\u0001\\u0000\\u001f\"");
  EXPECT_EQ(json_of("é 答 \x7f"), "\"é 答 \x7f\"");
  EXPECT_EQ(json_of(""), "\"\"");
}

TEST(JsonString, EveryByteBelow128ComesBack) {
  std::string all;
  for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
  EXPECT_EQ(nlohmann::json::parse(json_of(all)).get<std::string>(), all);
}

}  // namespace
}  // namespace pingjia::reports

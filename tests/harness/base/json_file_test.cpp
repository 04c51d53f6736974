#include "harness/base/json_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "harness/base/decimal_text.h"
#include "harness/base/error.h"

namespace pingjia::harness {
namespace {

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string error_of_text(std::string_view text) {
  return message_of([&] { parse_json(text, "a.json"); });
}

TEST(JsonFile, CommentsAreAllowed) {
  const auto value =
      parse_json("// first\n{\"a\": 1, /* second */ \"b\": [2] // third\n}", "a.json");
  EXPECT_EQ(value["a"], 1);
  EXPECT_EQ(value["b"][0], 2);
}

TEST(JsonFile, SyntaxErrorNamesLineAndColumn) {
  const auto message = error_of_text("{\n  \"a\": 1,\n  \"b\" 2\n}");
  EXPECT_TRUE(message.starts_with("a.json: line 3, column 7: ")) << message;
  EXPECT_NE(message.find("expected ':'"), std::string::npos) << message;
}

TEST(JsonFile, ColumnsCountCharacters) {
  EXPECT_TRUE(error_of_text("{\"价格\": x}").starts_with("a.json: line 1, column 8: "));
}

TEST(JsonFile, RefusesWhatTheParserLetsPass) {
  EXPECT_NE(error_of_text("{\"a\": 1, \"b\": {\"a\": 2}, \"a\": 3}").find("key 'a' given twice"),
            std::string::npos);
  EXPECT_NE(error_of_text(std::string(200'000, '[')).find("nested deeper than 100"),
            std::string::npos);
  EXPECT_NE(error_of_text("{\"a\": \"\xff\"}").find("UTF-8"), std::string::npos);
  EXPECT_NE(error_of_text("").find("line 1, column 1"), std::string::npos);
  EXPECT_NE(error_of_text("[1e999]").find("1e999"), std::string::npos);
}

TEST(JsonFile, FilesThatCannotBeRead) {
  const auto folder = std::filesystem::path(testing::TempDir());
  EXPECT_NE(message_of([&] { read_json_file(folder / "absent.json"); }).find("no such file"),
            std::string::npos);
  EXPECT_NE(message_of([&] { read_json_file(folder); }).find("is a folder"), std::string::npos);
}

TEST(JsonFile, ReadsAFile) {
  const auto file =
      std::filesystem::path(testing::TempDir()) / ("pingjia_json_" + std::to_string(getpid()));
  std::ofstream(file) << "{\"a\": \"b\"} // end";
  EXPECT_EQ(read_json_file(file)["a"], "b");
  std::filesystem::remove(file);
}

class FieldsTest : public testing::Test {
 protected:
  Fields fields(std::string_view text) {
    value_ = parse_json(text, "run.json");
    return Fields(value_, "run.json");
  }
  std::string error_of(std::string_view text, const std::function<void(Fields&)>& read) {
    auto read_from = fields(text);
    return message_of([&] { read(read_from); });
  }

  nlohmann::json value_;
};

TEST_F(FieldsTest, TypedGetters) {
  auto all = fields(R"({"t": "x", "f": true, "i": 3, "r": 2.5, "s": ["a", "b"], "o": {"k": 1},
                        "l": [{"k": 2}], "n": null, "d": "0.10"})");
  EXPECT_EQ(all.text("t"), "x");
  EXPECT_TRUE(all.flag("f"));
  EXPECT_EQ(all.integer("i"), 3);
  EXPECT_EQ(all.number("r"), 2.5);
  EXPECT_EQ(all.number("i"), 3);
  EXPECT_EQ(all.texts("s"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(all.object("o").integer("k"), 1);
  EXPECT_EQ(all.list("l")[0].integer("k"), 2);
  EXPECT_EQ(all.decimal_text("d"), "0.10");
  EXPECT_FALSE(all.optional_text("n"));
  EXPECT_FALSE(all.optional_flag("absent"));
  EXPECT_TRUE(all.optional_list("absent").empty());
  EXPECT_NO_THROW(all.done());
}

TEST_F(FieldsTest, UnknownKeyNamesTheNearest) {
  EXPECT_EQ(error_of(R"({"name": "x", "temprature": 1})",
                     [](Fields& all) {
                       all.text("name");
                       all.optional_number("temperature");
                       all.done();
                     }),
            "run.json: unknown key 'temprature'; did you mean 'temperature'?");
}

TEST_F(FieldsTest, MissingKeyNamesTheMisspeltOne) {
  EXPECT_EQ(error_of(R"({"nmae": "x"})", [](Fields& all) { all.text("name"); }),
            "run.json: missing key 'name'; is 'nmae' meant to be it?");
}

TEST_F(FieldsTest, PlacesAreNamed) {
  EXPECT_EQ(
      error_of(R"({"systems": [{}, {"price": {"input": true}}]})",
               [](Fields& all) { all.list("systems")[1].object("price").decimal_text("input"); }),
      "run.json: systems[1].price.input: expected a decimal number, found true; "
      "change the value");
  EXPECT_EQ(error_of(R"({"systems": [7]})", [](Fields& all) { all.list("systems"); }),
            "run.json: systems[0]: expected an object, found 7; write {\"key\": value, …}");
  EXPECT_EQ(error_of(R"({"stop": ["a", 1]})", [](Fields& all) { all.texts("stop"); }),
            "run.json: stop[1]: expected a text, found 1; change the value");
}

TEST_F(FieldsTest, Ranges) {
  EXPECT_NE(error_of(R"({"n": 11})", [](Fields& all) { all.integer("n", 0, 10); })
                .find("run.json: n: expected at most 10, found 11"),
            std::string::npos);
  EXPECT_NE(
      error_of(R"({"n": -1})", [](Fields& all) { all.number("n", 0); }).find("expected at least 0"),
      std::string::npos);
  EXPECT_NE(error_of(R"({"n": 1.5})", [](Fields& all) { all.integer("n"); })
                .find("expected a whole number, found 1.5"),
            std::string::npos);
  EXPECT_NE(error_of(R"({"n": 18446744073709551615})", [](Fields& all) { all.integer("n"); })
                .find("below 2^63"),
            std::string::npos);
  EXPECT_EQ(fields(R"({"n": 3.0})").integer("n"), 3);
}

TEST_F(FieldsTest, OneOfSuggests) {
  static constexpr std::array<std::string_view, 2> kModes = {"closed", "constant"};
  EXPECT_EQ(error_of(R"({"mode": "close"})", [](Fields& all) { all.one_of("mode", kModes); }),
            "run.json: mode: unknown value 'close'; did you mean 'closed'?");
}

TEST_F(FieldsTest, NewerSchemaIsRefused) {
  EXPECT_EQ(fields(R"({"schema_version": 1})").schema_version(1), 1);
  EXPECT_NE(error_of(R"({"schema_version": 2})", [](Fields& all) { all.schema_version(1); })
                .find("newer than this program's 1"),
            std::string::npos);
}

TEST_F(FieldsTest, DecimalsAreExact) {
  EXPECT_EQ(fields(R"({"p": 0.1})").decimal_text("p"), "0.1");
  EXPECT_EQ(fields(R"({"p": 3})").decimal_text("p"), "3");
  EXPECT_EQ(fields(R"({"p": 1e-7})").decimal_text("p"), "0.0000001");
  EXPECT_EQ(fields(R"({"p": "1.234567890123456789"})").decimal_text("p"), "1.234567890123456789");
  EXPECT_NE(error_of(R"({"p": 1.2345678901234567})", [](Fields& all) { all.decimal_text("p"); })
                .find("write it as a text"),
            std::string::npos);
  EXPECT_NE(error_of(R"({"p": "ten"})", [](Fields& all) { all.decimal_text("p"); })
                .find("expected a decimal number"),
            std::string::npos);
}

TEST(PlainDecimal, MovesThePoint) {
  EXPECT_EQ(plain_decimal("12.5e2"), "1250");
  EXPECT_EQ(plain_decimal("12.5e-3"), "0.0125");
  EXPECT_EQ(plain_decimal("-.5"), "-0.5");
  EXPECT_EQ(plain_decimal("+007."), "7");
  EXPECT_EQ(plain_decimal("1E+2"), "100");
  for (const auto* wrong : {"", ".", "-", "1e", "1e+-2", "1e31", "1 ", "0x1", "1,5", "nan"}) {
    EXPECT_FALSE(plain_decimal(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace pingjia::harness

#include "harness/commands/grade.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "harness/base/error.h"
#include "suites/table.h"
#include "tests/fake_loop.h"

namespace pingjia::harness {
namespace {

// Runs the command in a world that has its scorers and three streams.
int run_grade(const std::vector<std::string>& arguments, const std::string& lines,
              std::ostream& out) {
  FakeLoop loop;
  std::istringstream in(lines);
  std::ostringstream err;
  World world{.adapters = {},
              .scorers = suites::scorers(),
              .reports = {},
              .dialects = {},
              .download = {},
              .price_formats = {},
              .price_catalog = {},
              .key_variables = {},
              .engine_programs = {},
              .adapters_page = {},
              .worked_examples = {},
              .hardware_catalog = {},
              .suite_folders = {},
              .programs = {},
              .environment = {},
              .timestamp = {},
              .loop = loop,
              .in = in,
              .out = out,
              .err = err};
  return grade(world, arguments);
}

std::string grade_lines(const std::vector<std::string>& arguments, const std::string& lines) {
  std::ostringstream out;
  EXPECT_EQ(run_grade(arguments, lines, out), 0);
  return out.str();
}

std::string error_of(const std::vector<std::string>& arguments, const std::string& lines,
                     std::string* written = nullptr) {
  std::ostringstream out;
  try {
    run_grade(arguments, lines, out);
  } catch (const Error& error) {
    if (written != nullptr) *written = out.str();
    return error.what();
  }
  return "no error";
}

TEST(Grade, AnswersInTheSameOrder) {
  EXPECT_EQ(grade_lines({"--scorer", "numeric"},
                        R"({"id": "b", "gold": "4", "answer": "It is 4."}
{"id": "a", "gold": "4", "answer": "5"}

{"id": 7, "gold": 4, "answer": "none"}
{"id": "c", "gold": "3", "answer": "3 million"}
)"),
            R"({"extracted":"4","id":"b","verdict":"right"}
{"extracted":"5","id":"a","verdict":"wrong"}
{"extracted":null,"id":7,"verdict":"parse_failed"}
{"extracted":"3000000","id":"c","verdict":"undecided"}
)");
}

TEST(Grade, GoldObjectAndMarksOfInstructions) {
  EXPECT_EQ(
      grade_lines(
          {"--scorer", "ifeval"},
          R"({"id": 1, "gold": {"instruction_id_list": ["punctuation:no_comma", "startend:quotation"], "kwargs": [{}, {}]}, "answer": "One two."}
{"id": 2, "gold": {"instruction_id_list": ["startend:quotation"], "kwargs": [{}]}, "answer": "Sure:\n*\"Yes.\"*", "protocol": "loose"})"),
      R"({"extracted":"1/2","id":1,"instructions":[true,false],"verdict":"wrong"}
{"extracted":"1/1","id":2,"instructions":[true],"verdict":"right"}
)");
}

TEST(Grade, MathsOptionsOfALine) {
  EXPECT_EQ(grade_lines({"--scorer", "math"},
                        R"({"id": 1, "gold": "\\frac{1}{3}", "answer": "0.333"}
{"id": 2, "gold": "\\frac{1}{3}", "answer": "0.333", "options": {"precision": 3}}
{"id": 3, "gold": 5, "answer": "5\\%", "options": {"percent": "value"}}
{"id": 4, "gold": 5, "answer": "x = 5", "options": {"strict": true}})"),
            R"({"extracted":"0.333","id":1,"verdict":"wrong"}
{"extracted":"0.333","id":2,"verdict":"right"}
{"extracted":"5\\%","id":3,"verdict":"wrong"}
{"extracted":"x = 5","id":4,"verdict":"wrong"}
)");
}

TEST(Grade, ChoicesAndOptionsOfALine) {
  EXPECT_EQ(grade_lines({"--scorer=choice", "--options", R"({"match": "first"})"},
                        R"({"id": 1, "gold": "B", "answer": "Paris", "choices": ["Rome", "Paris"]}
{"id": 2, "gold": "B", "answer": "Answer: B. Answer: A"}
{"id": 3, "gold": "B", "answer": "Answer: B. Answer: A", "options": {"match": "last"}}
{"id": 4, "gold": "B", "answer": "B", "protocol": "simple-evals"}
{"id": 5, "gold": "B", "answer": "Answer: B", "protocol": "simple-evals"})"),
            R"({"extracted":"B","id":1,"verdict":"right"}
{"extracted":"B","id":2,"verdict":"right"}
{"extracted":"A","id":3,"verdict":"wrong"}
{"extracted":null,"id":4,"verdict":"parse_failed"}
{"extracted":"B","id":5,"verdict":"right"}
)");
}

TEST(Grade, ABadLineIsNamed) {
  const std::string good = "{\"id\": 1, \"gold\": \"4\", \"answer\": \"4\"}\n";
  const std::vector<std::string> numeric = {"--scorer", "numeric"};
  std::string written;
  EXPECT_NE(error_of(numeric, good + "{\"id\": 2,\n", &written).find("standard input, line 2"),
            std::string::npos);
  EXPECT_EQ(written, "{\"extracted\":\"4\",\"id\":1,\"verdict\":\"right\"}\n");
  for (const auto* bad :
       {"[]", "{\"id\": 1, \"gold\": \"4\"}", "{\"gold\": \"4\", \"answer\": \"4\"}",
        "{\"id\": 1, \"gold\": \"4\", \"answer\": 4}",
        "{\"id\": 1, \"gold\": \"4\", \"answer\": \"4\", \"choises\": []}",
        "{\"id\": 1, \"gold\": \"4\", \"answer\": \"4\", \"options\": {\"rule\": 1}}",
        "{\"id\": 1, \"gold\": \"4\", \"answer\": \"4\", \"options\": 3}",
        "{\"id\": 1, \"gold\": \"4\", \"answer\": \"4\", \"protocol\": \"gsm\"}"}) {
    const auto message = error_of(numeric, good + bad);
    EXPECT_TRUE(message.starts_with("standard input, line 2: ")) << bad << "\n" << message;
  }
}

TEST(Grade, BadArgumentsAreNamed) {
  EXPECT_EQ(error_of({}, ""),
            "pingjia grade: needs --scorer; name one: see 'pingjia list scorers'");
  EXPECT_EQ(error_of({"--scorer", "numerc"}, ""),
            "pingjia grade: unknown scorer 'numerc'; did you mean 'numeric'?");
  EXPECT_NE(error_of({"--scorer", "numeric", "--option", "{", "x"}, ""), "no error");
  EXPECT_NE(error_of({"--scorer", "numeric", "--bogus"}, "").find("--bogus"), std::string::npos);
  EXPECT_TRUE(error_of({"--scorer", "numeric", "--options", "{"}, "")
                  .starts_with("pingjia grade: --options: line 1, column"));
  EXPECT_TRUE(error_of({"--scorer", "numeric", "--options", "{\"x\": 1}"}, "")
                  .starts_with("pingjia grade: --options: unknown key 'x'"));
  EXPECT_TRUE(error_of({"--scorer", "numeric", "file.jsonl"}, "").starts_with("pingjia grade: "));
}

TEST(Grade, UsageNamesItsOptions) {
  EXPECT_NE(usage_text(kGradeUsage).find("--scorer NAME"), std::string::npos);
}

}  // namespace
}  // namespace pingjia::harness

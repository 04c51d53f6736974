#include "suites/scorers/math.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "tests/suites/scorers/case_table.h"

namespace pingjia::suites {
namespace {

std::unique_ptr<harness::Scorer> math(const char* options = "{}") {
  return make_math(nlohmann::json::parse(options), "test");
}

TEST(Math, Places) {
  const Case cases[] = {
      {"So \\boxed{x = 42}.", "42", "right", "x = 42", "boxed"},
      {"\\fbox{42}", "42", "right", "42", "boxed"},
      {"\\boxed{1} and \\boxed{2}", "1, 2", "right", "1, 2", "boxed"},
      {"Long work.\n#### 1,000", "1000", "right", "1,000", "hashes"},
      {"The answer is $\\frac12$.", "0.5", "right", "$\\frac12$.", "answer"},
      {"x + 1", "1 + x", "right", "x + 1", "whole"},
      {"Hence the limit equals $\\sqrt{2}$ as claimed.", "\\sqrt2", "right", "\\sqrt{2}",
       "delimited"},
      {"She counts, and counts again: it was 12 of them!", "12", "right", "12", "number"},
      {"\\boxed{\\text{north}}", "North", "right", "\\text{north}", "boxed"},
      {"", "5", "parse_failed", "", ""},
      {"\\boxed{}", "5", "parse_failed", "", ""},
  };
  expect_cases(*math(), cases);
}

TEST(Math, MatchAndRules) {
  const Case first[] = {{"\\boxed{1}, no, it must be \\boxed{2}", "1", "right", "1", "boxed"}};
  expect_cases(*math(R"({"match": "first"})"), first);
  const Case boxed[] = {{"The answer is 5", "5", "parse_failed", "", ""}};
  expect_cases(*math(R"({"rules": ["boxed"]})"), boxed);
}

TEST(Math, Percent) {
  const Case value[] = {{"5\\%", "0.05", "right", "5\\%", ""},
                        {"5\\%", "5", "wrong", "5\\%", ""},
                        {"5", "5\\%", "wrong", "5", ""}};
  expect_cases(*math(R"({"percent": "value"})"), value);
  expect_cases(*math(R"({"percent": false})"), value);
  const Case either[] = {{"5\\%", "0.05", "right", "5\\%", ""}, {"5\\%", "5", "right", "5\\%", ""}};
  expect_cases(*math(R"({"percent": true})"), either);
  expect_cases(*math(R"({"percent": "either"})"), either);
}

TEST(Math, Precision) {
  const Case places[] = {{"0.333", "\\frac{1}{3}", "right", "0.333", ""},
                         {"0.334", "\\frac{1}{3}", "wrong", "0.334", ""},
                         {"3.1415", "\\pi", "right", "3.1415", ""},
                         {"x+0.333", "x+\\frac13", "wrong", "x+0.333", ""}};
  expect_cases(*math(R"({"precision": 3})"), places);
  const Case part[] = {{"1001", "1000", "right", "1001", ""},
                       {"1002", "1000", "wrong", "1002", ""}};
  expect_cases(*math(R"({"precision": 0.001})"), part);
}

TEST(Math, Strict) {
  const Case cases[] = {
      {"\\frac{2}{4}", "0.5", "right", "\\frac{2}{4}", ""},
      {"(x+1)^2", "x^2+2x+1", "right", "(x+1)^2", ""},
      {"\\{2, 1\\}", "\\{1, 2\\}", "right", "\\{2, 1\\}", ""},
      {"0.333333", "\\frac{1}{3}", "wrong", "0.333333", ""},
      {"x=5", "5", "wrong", "x=5", ""},
      {"5 \\text{ cm}", "5", "wrong", "5 \\text{ cm}", ""},
      {"X", "x", "wrong", "X", ""},
      {"1, 2", "\\{1, 2\\}", "wrong", "1, 2", ""},
      {"5\\%", "5", "wrong", "5\\%", ""},
  };
  expect_cases(*math(R"({"strict": true})"), cases);
}

TEST(Math, BadOptionsAreRefused) {
  for (const char* const options :
       {R"({"percnt": true})", R"({"percent": "maybe"})", R"({"precision": 2.5})",
        R"({"precision": -1})", R"({"strict": "yes"})", R"({"rules": ["box"]})",
        R"({"protocol": "minerva"})"}) {
    EXPECT_THROW(math(options), harness::Error) << options;
  }
}

}  // namespace
}  // namespace pingjia::suites

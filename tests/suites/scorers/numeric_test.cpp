#include "suites/scorers/numeric.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "tests/suites/scorers/case_table.h"

namespace pingjia::suites {
namespace {

std::unique_ptr<harness::Scorer> numeric(const char* options = "{}") {
  return make_numeric(nlohmann::json::parse(options), "test");
}

TEST(Numeric, Forms) {
  const Case cases[] = {
      {"46", "46", "right", "46", "number"},
      {" 46\n", "46", "right", "46", "number"},
      {"47", "46", "wrong", "47", "number"},
      {"-46", "46", "wrong", "-46", ""},
      {"046", "46", "right", "46", ""},
      {"46.0", "46", "right", "46", ""},
      {"46.", "46", "right", "46", ""},
      {"2.50", "2.5", "right", "2.5", ""},
      {".5", "0.5", "right", "0.5", ""},
      {"-.5", "-0.5", "right", "-0.5", ""},
      {"0", "0.00", "right", "0", ""},
      {"-0", "0", "right", "0", ""},
      {"1e3", "1000", "right", "1000", ""},
      {"1.5E-3", "0.0015", "right", "0.0015", ""},
      {"1.5 × 10^3", "1500", "right", "1500", ""},
      {"1.5 \\times 10^{-3}", "0.0015", "right", "0.0015", ""},
      {"10^6", "1000000", "right", "1000000", ""},
      {"1,234,567", "1234567", "right", "1234567", ""},
      {"1{,}234", "1234", "right", "1234", ""},
      {"1\\,234", "1234", "right", "1234", ""},
      {"12,34,567", "1234567", "right", "1234567", ""},
      {"1\u202f234\u202f567", "1234567", "right", "1234567", ""},
      {"1,234.50", "1234.5", "right", "1234.5", ""},
      {"123,45", "45", "right", "45", ""},
      {"\u22125", "-5", "right", "-5", ""},
      {"\u20135", "-5", "right", "-5", ""},
      {"5\u20137", "7", "right", "7", ""},
      {"x=-5", "-5", "right", "-5", ""},
      {"+5", "5", "right", "5", ""},
  };
  expect_cases(*numeric(), cases);
}

TEST(Numeric, FractionsUnitsAndScales) {
  const Case cases[] = {
      {"1/2", "0.5", "right", "1/2", ""},
      {"\\frac{1}{2}", "0.5", "right", "1/2", ""},
      {"\\dfrac{3}{4}", "0.75", "right", "3/4", ""},
      {"2 1/2", "2.5", "right", "5/2", ""},
      {"2\\frac{1}{2}", "2.5", "right", "5/2", ""},
      {"-1/3", "-1/3", "right", "-1/3", ""},
      {"2/6", "1/3", "right", "2/6", ""},
      {"0.3333", "1/3", "wrong", "0.3333", ""},
      {"$18", "18", "right", "18", ""},
      {"\\$18", "18", "right", "18", ""},
      {"-$18", "-18", "right", "-18", ""},
      {"$-18", "-18", "right", "-18", ""},
      {"€1,000.25", "1000.25", "right", "1000.25", ""},
      {"USD18", "18", "right", "18", ""},
      {"￥１，２３４．５", "1234.5", "right", "1234.5", ""},
      {"50%", "50", "right", "50", ""},
      {"50\\%", "50%", "right", "50", ""},
      {"75%", "0.75", "undecided", "75", ""},
      {"0.75", "75 percent", "undecided", "0.75", ""},
      {"75%", "0.7", "wrong", "75", ""},
      {"18 dollars", "18", "right", "18", ""},
      {"5cm", "5", "right", "5", ""},
      {"5 cm^2", "5", "right", "5", ""},
      {"90^\\circ", "90", "right", "90", ""},
      {"5 kg H2O", "5", "right", "5", ""},
      {"7 \\text{ m}^{2}", "7", "right", "7", ""},
      {"3 million", "3000000", "right", "3000000", ""},
      {"3 million", "3", "undecided", "3000000", ""},
      {"3 million", "4", "wrong", "3000000", ""},
      {"3", "3 million", "undecided", "3", ""},
      {"$50K", "50000", "right", "50000", ""},
      {"$1.5M", "1500000", "right", "1500000", ""},
      {"5km", "5", "right", "5", ""},
      {"3万", "30000", "right", "30000", ""},
      {"1.2亿", "120000000", "right", "120000000", ""},
      {"12345678901234567890123", "12345678901234567890123", "right", "12345678901234567890123",
       ""},
      {"12345678901234567890124", "12345678901234567890123", "wrong", "12345678901234567890124",
       ""},
      {"0.1000000000000000000001", "0.1", "wrong", "0.1000000000000000000001", ""},
      {"1e100", "1e100", "right", "1e100", ""},
      {"٤٦", "46", "right", "46", ""},
      {"", "46", "parse_failed", "", ""},
      {"I do not know.", "46", "parse_failed", "", ""},
      {"x^2", "2", "parse_failed", "", ""},
      {"a_1", "1", "parse_failed", "", ""},
      {"forty-six", "46", "parse_failed", "", ""},
      {"46", "many", "undecided", "46", ""},
  };
  expect_cases(*numeric(), cases);
}

TEST(Numeric, Places) {
  const Case cases[] = {
      {"She has 16 - 3 = 13, so 13 * 2 = 26.", "26", "right", "26", "number"},
      {"16 - 3 - 4 = 9\n9 * 2 = 18\n#### 18", "18", "right", "18", "hashes"},
      {"#### $1,200.00 a year (12 months)", "1200", "right", "1200", "hashes"},
      {"####18\nThat took 5 steps.", "18", "right", "18", "hashes"},
      {"#### 7\n#### 8", "8", "right", "8", "hashes"},
      {"The answer is 42.", "42", "right", "42", "answer"},
      {"The final answer is $42$. I used 3 steps.", "42", "right", "42", "answer"},
      {"**Answer:** 42", "42", "right", "42", "answer"},
      {"Answer:\n\n  42\n\nThere were 7 days.", "42", "right", "42", "answer"},
      {"The answer to question 7 is 42, not 41.", "42", "right", "42", "answer"},
      {"The answer is 3 + 4 = 7", "7", "right", "7", "answer"},
      {"The answer is x = 5", "5", "right", "5", "answer"},
      {"The answer is approximately 3.14 (from 22/7).", "3.14", "right", "3.14", "answer"},
      {"The answer is a total of $60 for 3 days.", "60", "right", "60", "answer"},
      {"Answer: Janet makes $18. It took 2 steps.", "18", "right", "18", "answer"},
      {"Answer: The total for 3 days is 45.", "45", "right", "45", "answer"},
      {"The answer is 12 apples (since 3*4=12)", "12", "right", "12", "answer"},
      {"The answer is 1. Wait. The answer is 2.", "2", "right", "2", "answer"},
      {"The answer is unclear, maybe 5", "5", "right", "5", ""},
      {"Thus \\boxed{42}. Check: 40 + 2 = 42, 7 steps.", "42", "right", "42", "boxed"},
      {"\\boxed{\\text{42 apples}}", "42", "right", "42", "boxed"},
      {"\\boxed{x = 42}", "42", "right", "42", "boxed"},
      {"$\\boxed{\\$1{,}000}$", "1000", "right", "1000", "boxed"},
      {"\\fbox{42}", "42", "right", "42", "boxed"},
      {"\\boxed{1} or rather \\boxed{2}", "2", "right", "2", "boxed"},
      {"\\boxed{42", "42", "right", "42", "number"},
      {"\\boxed{none} but 42", "42", "right", "42", "number"},
      {"答案是 ４２。", "42", "right", "42", "answer"},
      {"答案：42元", "42", "right", "42", "answer"},
      {"答：一共18元。", "18", "right", "18", "answer"},
      {"所以一共有42个，花了3天", "42", "wrong", "3", "number"},
      {"La respuesta es 42.", "42", "right", "42", "answer"},
      {"Die Antwort lautet 42. Das waren 3 Schritte.", "42", "right", "42", "answer"},
      {"Ответ: 42", "42", "right", "42", "answer"},
      {"答えは42です。", "42", "right", "42", "answer"},
      {"On 5/6/2020", "2020", "right", "2020", "number"},
      {"version 1.2.3", "1.2", "right", "1.2", "number"},
      {"<think>maybe 41</think>42", "42", "right", "42", "number"},
      {"maybe 41</think>It is 42", "42", "right", "42", "number"},
      {"<think>It must be 42", "42", "parse_failed", "", ""},
      {"<THINK>7</THINK>\n\nThe answer is 42.", "42", "right", "42", "answer"},
  };
  expect_cases(*numeric(), cases);
}

TEST(Numeric, GoldMayBeAWholeSolution) {
  const Case cases[] = {
      {"18", "16 - 7 = <<16-7=9>>9.\n9 * 2 = $<<9*2=18>>18.\n#### 18", "right", "18", ""},
      {"9", "16 - 7 = <<16-7=9>>9.\n9 * 2 = $<<9*2=18>>18.\n#### 18", "wrong", "9", ""},
      {"2125", "many\n#### 2,125", "right", "2125", ""},
      {"18", "$18", "right", "18", ""},
      {"18", "\\boxed{18}", "right", "18", ""},
      {"18", "18 dollars", "right", "18", ""},
  };
  expect_cases(*numeric(), cases);
}

TEST(Numeric, ProtocolsAndRules) {
  const Case strict[] = {
      {"The answer is 42", "42", "parse_failed", "", ""},
      {"#### 1,042\n#### 43", "1042", "right", "1042", "strict-match"},
      {"#### $42", "42", "parse_failed", "", ""},
  };
  expect_cases(*numeric(R"({"protocol": "strict-match"})"), strict);
  const Case flexible[] = {
      {"The answer is 42. 7 steps", "42", "wrong", "7", "flexible-extract"},
      {"So it is $1,042.", "1042", "right", "1042", "flexible-extract"},
      {"-42", "-42", "right", "-42", "flexible-extract"},
      {"42...and so on...", "42", "parse_failed", "", ""},
  };
  expect_cases(*numeric(R"({"protocol": "flexible-extract"})"), flexible);
  const Case first[] = {{"42 then 43", "42", "right", "42", "number"},
                        {"\\boxed{42} \\boxed{43}", "42", "right", "42", "boxed"}};
  expect_cases(*numeric(R"({"match": "first"})"), first);
  const Case boxed[] = {{"42", "42", "parse_failed", "", ""}};
  expect_cases(*numeric(R"({"rules": ["boxed"]})"), boxed);
}

TEST(Numeric, OptionsAreChecked) {
  for (const auto* options :
       {R"({"rule": ["boxed"]})", R"({"rules": ["box"]})", R"({"rules": []})",
        R"({"match": "middle"})", R"({"protocol": "gsm8k"})", "[]", R"({"rules": "boxed"})"}) {
    EXPECT_THROW(numeric(options), harness::Error) << options;
  }
}

}  // namespace
}  // namespace pingjia::suites

#include "suites/scorers/choice.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "tests/suites/scorers/case_table.h"

namespace pingjia::suites {
namespace {

const std::vector<std::string> kCities = {"London", "Paris", "New York", "York"};

std::unique_ptr<harness::Scorer> choice(const char* options = "{}") {
  return make_choice(nlohmann::json::parse(options), "test");
}

TEST(Choice, AnswersInOtherLanguages) {
  const Case cases[] = {
      {"理由如下。答案是第二项", "B", "right", "B", "answer"},
      {"综上，应选第３个选项。", "C", "right", "C", "answer"},
      {"正确的是第四项，不是别的", "D", "right", "D", "answer"},
      {"解析略。答案：Ｂ", "B", "right", "B", "answer"},
      {"उत्तर: B", "B", "right", "B", "answer"},
      {"উত্তরঃ C", "C", "right", "C", "answer"},
      {"الإجابة: D", "D", "right", "D", "answer"},
      {"Jibu: A", "A", "right", "A", "answer"},
      {"Odpowiedź: C", "C", "right", "C", "answer"},
      {"Cevap: B", "B", "right", "B", "answer"},
      {"Đáp án: D", "D", "right", "D", "answer"},
      {"답변: A", "A", "right", "A", "answer"},
      {"回答：B", "B", "right", "B", "answer"},
      {"Ìdáhùn: C", "C", "right", "C", "answer"},
  };
  expect_cases(*choice(), cases);
}

TEST(Choice, PatternsOfASuitesOwn) {
  const auto first = choice(
      R"json({"rules": [{"name": "is", "pattern": "answer is \\(?([A-J])", "match": "first"}]})json");
  EXPECT_EQ(first->grade({"B", {}}, "The answer is (B). Or the answer is C.").extracted, "B");
  const auto last =
      choice(R"json({"rules": [{"name": "is", "pattern": "is ([A-J])"}, "whole"]})json");
  const auto grade = last->grade({"C", {}}, "is B, is C");
  EXPECT_EQ(grade.extracted, "C");
  EXPECT_EQ(grade.rule, "is");
  EXPECT_EQ(last->grade({"B", {}}, "B").rule, "whole");
  EXPECT_THROW(choice(R"json({"rules": [{"name": "x", "pattern": "("}]})json"), harness::Error);
  EXPECT_THROW(choice(R"json({"rules": [{"name": "x", "patern": "a"}]})json"), harness::Error);
}

TEST(Choice, Letters) {
  const Case cases[] = {
      {"B", "B", "right", "B", "whole"},
      {"b", "B", "right", "B", "whole"},
      {" (B) ", "B", "right", "B", "whole"},
      {"B.", "B", "right", "B", "whole"},
      {"**B**", "B", "right", "B", "whole"},
      {"$B$", "B", "right", "B", "whole"},
      {"`B`", "B", "right", "B", "whole"},
      {"\\text{B}", "B", "right", "B", "whole"},
      {"\\(\\mathbf{B}\\)", "B", "right", "B", "whole"},
      {"Ｂ", "B", "right", "B", "whole"},
      {"（Ｂ）", "B", "right", "B", "whole"},
      {"A", "B", "wrong", "A", "whole"},
      {"B", "(b)", "right", "B", "whole"},
      {"B", "Paris", "right", "B", "whole"},
      {"E", "B", "parse_failed", "", ""},
      {"", "B", "parse_failed", "", ""},
      {"The answer is B", "B", "right", "B", "answer"},
      {"The answer is (B).", "B", "right", "B", "answer"},
      {"The correct answer is: **B**", "B", "right", "B", "answer"},
      {"The best answer is option B, because A is too far.", "B", "right", "B", "answer"},
      {"Answer: B", "B", "right", "B", "answer"},
      {"Answer: b", "B", "right", "B", "answer"},
      {"ANSWER: $B$", "B", "right", "B", "answer"},
      {"**Answer**: (b) Paris", "B", "right", "B", ""},
      {"Answer: \\text{(B)}", "B", "right", "B", "answer"},
      {"Answer:\nB", "B", "right", "B", "answer"},
      {"The answer is a city in France: Paris", "B", "right", "B", "within"},
      {"Final answer: \\boxed{B}", "B", "right", "B", "boxed"},
      {"\\boxed{\\text{B. Paris}}", "B", "right", "B", "boxed"},
      {"\\boxed{Paris}", "B", "right", "B", "boxed"},
      {"Answer: A. No, wait. Answer: B", "B", "right", "B", "answer"},
      {"Answer: A or B", "B", "parse_failed", "", "several"},
      {"The answer is A and B.", "A", "parse_failed", "", "several"},
      {"Answer: A, B", "A", "parse_failed", "", "several"},
      {"The correct option is B", "B", "right", "B", "answer"},
      {"I would choose B", "B", "right", "B", "answer"},
      {"I pick option (B)", "B", "right", "B", "answer"},
      {"A and D are wrong, B is correct, C is too far.", "B", "right", "B", "answer"},
      {"Option B is the best choice, not C.", "B", "right", "B", "answer"},
      {"B is not correct, A is", "A", "right", "A", "lone"},
      {"答案是B", "B", "right", "B", "answer"},
      {"答案：Ｂ", "B", "right", "B", "answer"},
      {"正确答案为（B）。", "B", "right", "B", "answer"},
      {"因此选B。", "B", "right", "B", "answer"},
      {"故选：B", "B", "right", "B", "answer"},
      {"应选择B项", "B", "right", "B", "answer"},
      {"La respuesta es B", "B", "right", "B", "answer"},
      {"Ответ: B", "B", "right", "B", "answer"},
      {"正解はBです", "B", "right", "B", "answer"},
  };
  expect_cases(*choice(), cases, kCities);
}

TEST(Choice, WeakerPlaces) {
  const Case cases[] = {
      {"It is (B), I think.", "B", "right", "B", "bracket"},
      {"(A) is too far, so (B)", "B", "right", "B", "bracket"},
      {"(A) London (B) Paris (C) New York (D) York", "B", "parse_failed", "", ""},
      {"(A) London (B) Paris (C) New York (D) York\nSo (B)", "B", "right", "B", "bracket"},
      {"(A) no. (C) no. (B) no. So (D)", "D", "right", "D", "bracket"},
      {"A. London\nB. Paris\nC. New York\nD. York", "B", "parse_failed", "", ""},
      {"A. London\nB. Paris\nC. New York\nD. York\n\nB. Paris", "B", "right", "B", "line"},
      {"B. Paris", "B", "right", "B", "line"},
      {"B) Paris is the capital.", "B", "right", "B", "line"},
      {"Let me see.\nB: Paris", "B", "right", "B", "line"},
      {"A. London\nB. Paris\nI say C", "C", "right", "C", "lone"},
      {"It must be B", "B", "right", "B", "lone"},
      {"B is right", "B", "right", "B", "answer"},
      {"A good guess is B", "B", "right", "B", "lone"},
      {"I think that A", "A", "right", "A", "lone"},
      {"Not vitamin-C but D-day", "B", "parse_failed", "", ""},
      {"A city", "A", "parse_failed", "", ""},
      {"Paris", "B", "right", "B", "text"},
      {"paris.", "B", "right", "B", "text"},
      {"\"Paris\"", "B", "right", "B", "text"},
      {"The answer is Paris.", "B", "right", "B", "answer"},
      {"The answer is New York", "C", "right", "C", "answer"},
      {"The answer is York", "D", "right", "D", "answer"},
      {"It was in New York.", "C", "right", "C", "within"},
      {"It was in York.", "D", "right", "D", "within"},
      {"Yorkshire", "D", "parse_failed", "", ""},
      {"London or Paris", "B", "parse_failed", "", ""},
      {"<think>A, surely A</think>B", "B", "right", "B", "whole"},
      {"<think>The answer is B", "B", "parse_failed", "", ""},
      {"The answer is A</think>\n\nAnswer: B", "B", "right", "B", "answer"},
  };
  expect_cases(*choice(), cases, kCities);
}

TEST(Choice, ChoicesThatAreNumbers) {
  const std::vector<std::string> numbers = {"5", "5.5", "55", "1/2"};
  const Case cases[] = {
      {"5", "A", "right", "A", "text"},
      {"5.5", "B", "right", "B", "text"},
      {"The answer is 5.5", "B", "right", "B", "answer"},
      {"The answer is 55.", "C", "right", "C", "answer"},
      {"The answer is $5$.", "A", "right", "A", "answer"},
      {"The answer is 555", "C", "parse_failed", "", ""},
      {"There are 55 of them", "C", "parse_failed", "", ""},
  };
  expect_cases(*choice(), cases, numbers);
}

TEST(Choice, WithoutChoices) {
  const Case cases[] = {
      {"The answer is (J)", "J", "right", "J", "answer"},
      {"The answer is (K)", "J", "parse_failed", "", ""},
      {"The answer is (K)", "K", "right", "K", "answer"},
      {"Answer: B", "none", "undecided", "B", "answer"},
      {"Answer: I think B", "B", "right", "B", "lone"},
      {"Answer: I", "I", "right", "I", "answer"},
  };
  expect_cases(*choice(), cases);
}

TEST(Choice, ChineseChoices) {
  const std::vector<std::string> choices = {"北京", "上海", "广州", "上海市"};
  const Case cases[] = {
      {"上海", "B", "right", "B", "text"},
      {"答案是上海市。", "D", "right", "D", "answer"},
      {"我认为是广州", "C", "right", "C", "within"},
      {"北京和广州", "C", "parse_failed", "", ""},
  };
  expect_cases(*choice(), cases, choices);
}

TEST(Choice, ProtocolsAndRules) {
  const Case first[] = {{"Answer: A. Answer: B", "A", "right", "A", "answer"}};
  expect_cases(*choice(R"({"match": "first"})"), first, kCities);
  const Case simple_evals[] = {
      {"Answer: A. Answer: B", "A", "right", "A", "simple-evals"},
      {"answer : $b$", "B", "right", "B", "simple-evals"},
      {"The answer is B", "B", "parse_failed", "", ""},
      {"**Answer:** B", "B", "parse_failed", "", ""},
  };
  expect_cases(*choice(R"({"protocol": "simple-evals"})"), simple_evals, kCities);
  const Case mmlu_pro[] = {
      {"The answer is (A). The answer is (B).", "A", "right", "A", "mmlu-pro"},
      {"Answer: A. So Answer: B\nAnswer: C", "B", "right", "B", "mmlu-pro"},
      {"A, no, B I think", "I", "right", "I", "mmlu-pro"},
      {"The answer is b", "B", "parse_failed", "", ""},
      {"none", "B", "parse_failed", "", ""},
  };
  expect_cases(*choice(R"({"protocol": "mmlu-pro"})"), mmlu_pro);
  const Case strict[] = {{"B", "B", "parse_failed", "", ""}};
  expect_cases(*choice(R"({"rules": ["answer"]})"), strict, kCities);
}

TEST(Choice, OptionsAreChecked) {
  for (const auto* options : {R"({"letters": 4})", R"({"rules": ["letter"]})",
                              R"({"protocol": "mmlu"})", "3", R"({"match": true})"}) {
    EXPECT_THROW(choice(options), harness::Error) << options;
  }
}

}  // namespace
}  // namespace pingjia::suites

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "suites/table.h"

namespace pingjia::suites {
namespace {

const std::vector<std::string> kChoices = {"aaaaaaaaaaaaaaaaaaaaaaaaab", "Paris", "5", "(((("};

// Every scorer as it is, with each of its rules alone, and with a pattern.
std::vector<std::unique_ptr<harness::Scorer>> all_scorers() {
  std::vector<std::unique_ptr<harness::Scorer>> made;
  const auto add = [&](const char* name, const nlohmann::json& options) {
    made.push_back(harness::find_row(scorers(), "scorer", name, "test").make(options, "test"));
  };
  for (const auto& row : scorers()) made.push_back(row.make(nlohmann::json::object(), "test"));
  for (const auto* rule :
       {"boxed", "hashes", "answer", "number", "strict-match", "flexible-extract"}) {
    add("numeric", {{"rules", {rule}}});
  }
  for (const auto* rule : {"whole", "text", "boxed", "answer", "bracket", "line", "lone", "within",
                           "simple-evals", "mmlu-pro"}) {
    add("choice", {{"rules", {rule}}, {"match", "first"}});
  }
  add("choice", {{"rules", {{{"name", "own"}, {"pattern", "(?:a+)+b|([A-D]*)"}}}}});
  add("numeric", {{"rules", {{{"name", "own"}, {"pattern", "([0-9(]*)"}, {"match", "first"}}}}});
  add("exact", {{"casefold", true}, {"spaces", "collapse"}, {"strip", ".("}});
  add("exact", {{"pattern", "(?:a+)+b|([0-9(]*)"}});
  return made;
}

// A grade is well formed whatever was graded.
void expect_sound(const harness::Scorer& scorer, const std::string& gold,
                  const std::string& answer) {
  const auto grade = scorer.grade({gold, kChoices}, answer);
  if (grade.verdict == harness::Verdict::kRight || grade.verdict == harness::Verdict::kWrong) {
    EXPECT_TRUE(grade.extracted.has_value());
  }
  if (grade.verdict == harness::Verdict::kParseFailed) {
    EXPECT_FALSE(grade.extracted.has_value());
  }
  // Strict JSON refuses text that is not UTF-8.
  EXPECT_NO_THROW(nlohmann::json(grade.extracted.value_or("")).dump());
}

std::string repeated(std::string_view part, std::size_t bytes) {
  std::string text;
  text.reserve(bytes + part.size());
  while (text.size() < bytes) text += part;
  return text;
}

TEST(Hostile, AMegabyte) {
  for (const auto* part :
       {"9", "(", "\\boxed{", "answer is ", "A ", "答案是第", "选第1", "उत्तर:", "<think>"}) {
    const auto answer = repeated(part, 1'000'000);
    for (const auto& row : scorers()) {
      expect_sound(*row.make(nlohmann::json::object(), "test"), "5", answer);
    }
  }
}

TEST(Hostile, ManyTimesTheSame) {
  constexpr std::size_t kBytes = 20'000;
  const auto made = all_scorers();
  for (const auto* part :
       {"9",       "(",          "{",       "\\boxed{", "\\boxed{1}", "answer is ", "answer: 1 ",
        "####",    "1,",         ",111",    "1.",       "1e",         "1/",         "-",
        "\\frac{", "\\frac{1}{", "<think>", "</think>", "<",          "a",          "A ",
        "(A)",     "A.\n",       "\\",      "^",        "\xff",       "\xe4\xb8",   "答案是",
        "é",       "\u0301",     "\u202f1", "=",        "1=",         "\n",         " ",
        "Paris ",  "1 1/",       "x 10^",   "optio",    "\\text{",    "**"}) {
    const auto answer = repeated(part, kBytes);
    for (const auto& scorer : made) expect_sound(*scorer, "5", answer);
  }
}

TEST(Hostile, NumbersThatAreTooLargeToMultiply) {
  const auto scorer = harness::find_row(scorers(), "scorer", "numeric", "test")
                          .make(nlohmann::json::object(), "test");
  const std::string digits(100'000, '7');
  EXPECT_EQ(scorer->grade({digits, {}}, digits).verdict, harness::Verdict::kRight);
  EXPECT_EQ(scorer->grade({digits, {}}, digits + "1").verdict, harness::Verdict::kWrong);
  EXPECT_EQ(scorer->grade({"1/3", {}}, digits + "/3").verdict, harness::Verdict::kUndecided);
  EXPECT_EQ(scorer->grade({"5", {}}, "1e999999999").verdict, harness::Verdict::kWrong);
  EXPECT_EQ(scorer->grade({"1/3", {}}, "1e999999999").verdict, harness::Verdict::kWrong);
}

TEST(Hostile, RandomBytes) {
  const auto made = all_scorers();
  harness::Rng rng(1, "random bytes");
  for (int round = 0; round < 1'000; ++round) {
    std::string answer(rng.below(200), '\0');
    for (char& c : answer) c = static_cast<char>(rng.below(256));
    const std::string gold(1, static_cast<char>(rng.below(256)));
    for (const auto& scorer : made) expect_sound(*scorer, gold, answer);
  }
}

// Random bytes rarely reach deep: these are made of the words that the rules look for.
TEST(Hostile, RandomWords) {
  const std::vector<std::string> words = {
      "\\boxed{", "}",    "{",       "answer",   " is ",    ":",       "####",  "1",       "23",
      ",",        ".",    "e",       "-",        "$",       "%",       "/",     "\\frac{", "^",
      "_",        "(",    ")",       "A",        "b",       "I",       "Paris", " ",       "\n",
      "答案是",   "选",   "<think>", "</think>", "\\text{", "million", "万",    "x 10^",   "**",
      "\\,",      "\xc3", "\u202f",  "=",        "option",  " or ",    "0"};
  const auto made = all_scorers();
  harness::Rng rng(2, "random words");
  for (int round = 0; round < 3'000; ++round) {
    std::string answer;
    for (auto count = rng.below(40); count > 0; --count) answer += words[rng.below(words.size())];
    const auto gold = words[rng.below(words.size())];
    for (const auto& scorer : made) expect_sound(*scorer, gold, answer);
  }
}

// What is right stays right in other dress.
TEST(Property, NumbersSurviveTheirDress) {
  const auto scorer = harness::find_row(scorers(), "scorer", "numeric", "test")
                          .make(nlohmann::json::object(), "test");
  harness::Rng rng(3, "dress");
  for (int round = 0; round < 2'000; ++round) {
    const auto value = static_cast<long>(rng.below(2'000'000)) - 1'000'000;
    const auto gold = std::to_string(value);
    std::string grouped = std::to_string(std::abs(value));
    for (auto at = static_cast<long>(grouped.size()) - 3; at > 0; at -= 3) {
      grouped.insert(static_cast<std::size_t>(at), ",");
    }
    const std::string sign = value < 0 ? "-" : "";
    for (const auto& answer :
         {gold, gold + ".0", sign + grouped, sign + "$" + grouped + ".00",
          "I count 12 of 34. The answer is " + sign + grouped + " dollars.",
          "So \\boxed{" + gold + "} after 3 steps", "Step 1.\n#### " + sign + grouped,
          "<think>maybe 7</think>" + gold, "答案是" + gold + "。"}) {
      EXPECT_EQ(scorer->grade({gold, {}}, answer).verdict, harness::Verdict::kRight) << answer;
      const auto other = std::to_string(value + 1);
      EXPECT_EQ(scorer->grade({other, {}}, answer).verdict, harness::Verdict::kWrong) << answer;
    }
  }
}

}  // namespace
}  // namespace pingjia::suites

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "suites/math/grader.h"
#include "suites/scorers/math.h"

namespace pingjia::suites {
namespace {

using nlohmann::json;

// One line a pair, by category; every pair was thought of here and its verdict is what a teacher
// would say, or "undecided" where suites/math/README.md gives the reason.
std::vector<json> cases() {
  std::ifstream file(PINGJIA_SOURCE_DIR "/tests/suites/math/cases.jsonl");
  std::vector<json> read;
  for (std::string line; std::getline(file, line);) read.push_back(json::parse(line));
  return read;
}

TEST(MathCases, EveryVerdict) {
  const auto scorer = make_math(json::object(), "test");
  std::map<std::string, int> categories;
  const auto rows = cases();
  for (const auto& row : rows) {
    const std::string gold = row.at("gold");
    const std::string answer = row.at("answer");
    const auto grade = scorer->grade({gold, {}}, answer);
    EXPECT_EQ(harness::verdict_name(grade.verdict), row.at("verdict").get<std::string>())
        << "gold: " << gold << "\nanswer: " << answer
        << "\nextracted: " << grade.extracted.value_or("");
    ++categories[row.at("category")];
  }
  EXPECT_GE(rows.size(), 400U);
  EXPECT_GE(categories.size(), 20U);
}

// Whatever is right must be right against itself, and in the dress that answers wear.
TEST(MathCases, GoldsAreRightInAnyDress) {
  const auto scorer = make_math(json::object(), "test");
  for (const auto& row : cases()) {
    const std::string gold = row.at("gold");
    for (const auto& answer :
         {gold, "$" + gold + "$", "$$" + gold + "$$", "\\boxed{" + gold + "}",
          "Thus the answer is \\boxed{" + gold + "}.", "\\( " + gold + " \\)"}) {
      // "$" + "$5" + "$" is no LaTeX.
      if (gold.find("$") != std::string::npos) continue;
      EXPECT_EQ(scorer->grade({gold, {}}, answer).verdict, harness::Verdict::kRight) << answer;
    }
  }
}

// No answer of one category may pass for a gold of the same category that it was not written for,
// unless both sides of its own pair say so: equality is symmetric enough and transitive.
TEST(MathCases, NoAnswerPassesForAnotherGold) {
  const auto scorer = make_math(json::object(), "test");
  std::map<std::string, std::vector<std::string>> golds;
  for (const auto& row : cases()) {
    auto& list = golds[row.at("category")];
    const std::string gold = row.at("gold");
    if (std::find(list.begin(), list.end(), gold) == list.end()) list.push_back(gold);
  }
  for (const auto& [category, list] : golds) {
    for (const auto& a : list) {
      for (const auto& b : list) {
        const bool there =
            scorer->grade({a, {}}, "\\boxed{" + b + "}").verdict == harness::Verdict::kRight;
        const bool back =
            scorer->grade({b, {}}, "\\boxed{" + a + "}").verdict == harness::Verdict::kRight;
        // Asymmetric by design: an interval answers an inequality, a value an assignment.
        if (category == "intervals" || category == "inequalities" || category == "units") continue;
        EXPECT_EQ(there, back) << a << "\n" << b;
      }
    }
  }
}

}  // namespace
}  // namespace pingjia::suites

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "suites/math/grader.h"
#include "suites/scorers/math.h"

namespace pingjia::suites {
namespace {

std::string repeated(const std::string& part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

Equality compared(const std::string& gold, const std::string& answer) {
  return compare_math(read_math(gold), read_math(answer), MathOptions());
}

// Work that has no end is given up, and never guessed.
TEST(MathBounds, GivenUpNotGuessed) {
  EXPECT_EQ(compared("9^{9^{9^9}}", "9^{9^{9^8}}"), Equality::kUnknown);
  EXPECT_EQ(compared("10^{200000}+1", "10^{200000}"), Equality::kUnknown);
  EXPECT_EQ(compared("e^{1000}+1", "e^{1000}"), Equality::kUnknown);
  EXPECT_EQ(compared("e^{e^{e^{e^{e}}}}", "1+e^{e^{e^{e^{e}}}}"), Equality::kUnknown);
  EXPECT_EQ(compared("\\sum_{k=1}^{2000}\\sum_{j=1}^{2000} kj", "1"), Equality::kUnknown);
  EXPECT_EQ(compared("10000!", "10001!"), Equality::kUnknown);
}

TEST(MathBounds, LongNumbersAreExact) {
  EXPECT_EQ(compared(repeated("7", 2'000), repeated("7", 2'000)), Equality::kEqual);
  EXPECT_EQ(compared(repeated("7", 2'000), repeated("7", 1'999) + "8"), Equality::kDifferent);
  EXPECT_EQ(compared("\\frac{1}{2004!}", "\\frac{1}{2006!}"), Equality::kDifferent);
  EXPECT_EQ(compared("\\frac{3000!}{2999!}", "3000"), Equality::kEqual);
  EXPECT_EQ(compared("3^{20000}", "3^{20001}"), Equality::kDifferent);
  EXPECT_EQ(compared("x" + repeated("*x", 700), "x^{701}"), Equality::kEqual);
}

// Signs in front count as nesting; those behind nest a tree without it.
TEST(MathBounds, TreesHaveADeepestDepth) {
  EXPECT_EQ(compared(repeated("-", 40) + "5", "5"), Equality::kEqual);
  EXPECT_NE(compared(repeated("-", 100) + "5", "5"), Equality::kEqual);
  EXPECT_EQ(compared("1" + repeated("!", 200), "1"), Equality::kEqual);
  EXPECT_NE(compared("1" + repeated("!", 300), "1"), Equality::kEqual);
}

// Deep nesting, and megabytes, end.
TEST(MathBounds, HostileTextsEnd) {
  const auto scorer = make_math(nlohmann::json::object(), "test");
  for (const std::string part : {"(",
                                 "{",
                                 "\\frac{",
                                 "\\sqrt{",
                                 "\\boxed{",
                                 "$",
                                 "\\(",
                                 "-",
                                 "^",
                                 "1",
                                 "x",
                                 "|",
                                 "\\left(",
                                 "1,",
                                 "\\text{",
                                 "answer is ",
                                 "\\\\",
                                 "$1$ and ",
                                 "\\begin{pmatrix}",
                                 "!",
                                 "½",
                                 "=",
                                 "#### "}) {
    for (const int times : {100, 1'400, 200'000}) {
      const auto text = repeated(part, times);
      for (const auto& [gold, answer] :
           {std::pair<std::string, std::string>("5", text), {text, "5"}, {"5", "5" + text}}) {
        const auto grade = scorer->grade({gold, {}}, answer);
        EXPECT_FALSE(harness::verdict_name(grade.verdict).empty());
      }
    }
  }
}

}  // namespace
}  // namespace pingjia::suites

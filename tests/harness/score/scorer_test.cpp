#include "harness/score/scorer.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace pingjia::harness {
namespace {

const std::vector<std::string> kChoices = {"red", "green", "blue"};

ContinuationScore scored(double loglikelihood, int bytes = 1) {
  return {loglikelihood, 1, bytes, false};
}

TEST(Verdict, NamesAndBack) {
  for (const auto verdict :
       {Verdict::kRight, Verdict::kWrong, Verdict::kUndecided, Verdict::kParseFailed}) {
    EXPECT_EQ(verdict_of(verdict_name(verdict)), verdict);
  }
  EXPECT_EQ(verdict_name(Verdict::kParseFailed), "parse_failed");
  EXPECT_FALSE(verdict_of("Right"));
}

TEST(GradeContinuations, TheMostLikelyIsTheAnswer) {
  const std::vector scores = {scored(-3), scored(-1), scored(-2)};
  const auto right = grade_continuations({"B", kChoices}, scores, false);
  EXPECT_EQ(right.verdict, Verdict::kRight);
  EXPECT_EQ(right.extracted, "B");
  EXPECT_EQ(right.rule, "loglikelihood");
  EXPECT_EQ(grade_continuations({"A", kChoices}, scores, false).verdict, Verdict::kWrong);
}

TEST(GradeContinuations, PerByteDividesByLength) {
  // Sums prefer A; per byte C is better: -9/10 against -2/1 and -8/4.
  const std::vector scores = {scored(-2, 1), scored(-8, 4), scored(-9, 10)};
  EXPECT_EQ(grade_continuations({"A", kChoices}, scores, false).extracted, "A");
  EXPECT_EQ(grade_continuations({"A", kChoices}, scores, true).extracted, "C");
}

TEST(GradeContinuations, ATieIsUndecided) {
  const std::vector scores = {scored(-1), scored(-5), scored(-1)};
  EXPECT_EQ(grade_continuations({"A", kChoices}, scores, false).verdict, Verdict::kUndecided);
  const std::vector below = {scored(-2), scored(-2), scored(-1)};
  EXPECT_EQ(grade_continuations({"C", kChoices}, below, false).verdict, Verdict::kRight);
}

TEST(GradeContinuations, ImpossibleContinuationsLose) {
  const double never = -std::numeric_limits<double>::infinity();
  const std::vector scores = {scored(never), scored(-700), scored(never)};
  EXPECT_EQ(grade_continuations({"B", kChoices}, scores, false).verdict, Verdict::kRight);
}

TEST(GradeContinuations, MissingScoresAreNoAnswer) {
  const std::vector two = {scored(-1), scored(-2)};
  EXPECT_EQ(grade_continuations({"A", kChoices}, two, false).verdict, Verdict::kParseFailed);
  EXPECT_EQ(grade_continuations({"A", {}}, {}, false).verdict, Verdict::kParseFailed);
  const std::vector broken = {scored(-1), scored(std::numeric_limits<double>::quiet_NaN()),
                              scored(-2)};
  const auto grade = grade_continuations({"A", kChoices}, broken, false);
  EXPECT_EQ(grade.verdict, Verdict::kParseFailed);
  EXPECT_FALSE(grade.extracted);
}

}  // namespace
}  // namespace pingjia::harness

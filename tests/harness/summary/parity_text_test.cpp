#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/summary/parity.h"

namespace pingjia::harness {
namespace {

Parity of(ParityRow row) {
  row.model = "X";
  row.paired = 1319;
  return {"Y", 0.02, 0.95, {"s/g"}, {row}, {}};
}

ParityRow row_with(ParityVerdict verdict) {
  ParityRow row;
  row.verdict = verdict;
  row.difference = -0.004;
  row.interval = Interval{-0.018, 0.011};
  row.per_correct = {1.0 / 19, Interval{1.0 / 23, 1.0 / 16}, ""};
  return row;
}

std::string sentence(const ParityRow& row) {
  const Parity parity = of(row);
  return parity_sentence(parity, parity.rows[0]);
}

TEST(ParitySentence, IsOneThatABuyerCanQuote) {
  EXPECT_EQ(sentence(row_with(ParityVerdict::kNotWorse)),
            "X is not worse than Y by more than 2 points (difference −0.4 [−1.8, 1.1], 1319 "
            "questions) at 1/19 [1/23, 1/16] of the cost per correct answer.");
}

TEST(ParitySentence, SaysWhereTheCheapOneIsBetter) {
  ParityRow row = row_with(ParityVerdict::kNotWorse);
  row.difference = 0.122;
  row.interval = Interval{0.103, 0.142};
  EXPECT_EQ(sentence(row),
            "X is not worse than Y by more than 2 points, it is better (difference 12.2 [10.3, "
            "14.2], 1319 questions) at 1/19 [1/23, 1/16] of the cost per correct answer.");
}

TEST(ParitySentence, OfWorseAndOfDearer) {
  ParityRow row = row_with(ParityVerdict::kWorse);
  row.difference = -0.08;
  row.interval = Interval{-0.1, -0.06};
  row.per_correct = {1.3, Interval{1.2, 1.42}, ""};
  EXPECT_EQ(sentence(row),
            "X is worse than Y by more than 2 points (difference −8.0 [−10.0, −6.0], 1319 "
            "questions), at 1.30 [1.20, 1.42] times the cost per correct answer.");
}

TEST(ParitySentence, OfUndecidedSaysWhatWouldDecide) {
  ParityRow row = row_with(ParityVerdict::kUndecided);
  row.interval = Interval{-0.031, 0.011};
  row.deciding = 9437;
  row.per_correct = {{}, {}, "no price was given"};
  EXPECT_EQ(sentence(row),
            "Whether X is worse than Y by more than 2 points is undecided (difference −0.4 [−3.1, "
            "1.1], 1319 questions): about 9,500 questions would decide it if the difference stays; "
            "what a correct answer costs beside it is unknown: no price was given.");
  row.deciding.reset();
  EXPECT_NE(sentence(row).find("stands on the margin"), std::string::npos);
}

TEST(ParitySentence, SaysWhereHolmsCorrectionDecides) {
  ParityRow row = row_with(ParityVerdict::kUndecided);
  row.deciding = 2000;
  EXPECT_NE(sentence(row).find("is undecided after Holm's correction over 1 systems (difference"),
            std::string::npos);
}

TEST(ParitySentence, OfARefusalSaysWhy) {
  ParityRow row = row_with(ParityVerdict::kRefused);
  row.why = "no question is marked on both sides";
  EXPECT_EQ(sentence(row), "X is not compared with Y: no question is marked on both sides.");
}

// An end just inside the margin must not be printed as the margin.
TEST(PointsText, HasDecimalsEnoughToTellTheMargin) {
  EXPECT_EQ(points_text(-0.004, Interval{-0.01996, 0.011}, 0.02), "−0.400 [−1.996, 1.100]");
  EXPECT_EQ(points_text(-0.004, Interval{-0.0197, 0.011}, 0.02), "−0.40 [−1.97, 1.10]");
  EXPECT_EQ(points_text(0), "0.0");
  EXPECT_EQ(points_text(-0.0001), "0.0");
}

TEST(RatioText, IsAFractionBelowOneAndAMultipleAbove) {
  EXPECT_EQ(ratio_text({0.5, Interval{0.4, 0.7}, ""}), "1/2.0 [1/2.5, 1/1.4]");
  EXPECT_EQ(ratio_text({0.9, Interval{0.8, 1.1}, ""}), "0.90 [0.80, 1.10]");
  EXPECT_EQ(ratio_text({31.7, Interval{28.2, 36.1}, ""}), "32 [28, 36]");
  EXPECT_EQ(ratio_text({{}, {}, "?"}), "unknown");
}

TEST(Margin, WantsItsUnit) {
  EXPECT_DOUBLE_EQ(parse_margin("2pt"), 0.02);
  EXPECT_DOUBLE_EQ(parse_margin("0.5 points"), 0.005);
  EXPECT_DOUBLE_EQ(parse_margin("1pp"), 0.01);
  for (const char* wrong :
       {"2", "2%", "0.02", "", "pt", "-1pt", "0pt", "100pt", "2ppt", "two pt", "1.2.3pt"}) {
    EXPECT_THROW(parse_margin(wrong), Error) << wrong;
  }
}

}  // namespace
}  // namespace pingjia::harness

#include "kernels/comparison/verdict.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "harness/base/rng.h"

namespace pingjia::kernels {
namespace {

constexpr VerdictOptions kOptions;

/// Of one run a side.
LogRatio ratio_of(double value, double error) {
  return {value, error, value};
}

Verdict verdict_of(double time, const std::optional<LogRatio>& cycles = std::nullopt) {
  const LogRatio ratio = ratio_of(time, 0.005);
  return judge(ratio, p_of_change(ratio, kOptions), cycles, kOptions);
}

TEST(Judge, NeedsAClearGapInTime) {
  EXPECT_EQ(verdict_of(0.10), Verdict::kSlow);
  EXPECT_EQ(verdict_of(-0.10), Verdict::kFast);
  EXPECT_EQ(verdict_of(0.0), Verdict::kSame);
  EXPECT_EQ(verdict_of(0.015), Verdict::kSame) << "three standard errors, but nobody acts on 1.5 %";
  // Could be nothing, could be 8 %.
  const LogRatio loose = ratio_of(0.04, 0.02);
  EXPECT_EQ(judge(loose, p_of_change(loose, kOptions), {}, kOptions), Verdict::kUnclear);
}

TEST(Judge, CyclesMustConfirm) {
  EXPECT_EQ(verdict_of(0.10, ratio_of(0.10, 0.005)), Verdict::kSlow);
  EXPECT_EQ(verdict_of(0.10, ratio_of(0.00, 0.005)), Verdict::kSame) << "the clock's doing";
  EXPECT_EQ(verdict_of(0.10, ratio_of(0.04, 0.02)), Verdict::kUnclear);
  EXPECT_EQ(verdict_of(0.10, ratio_of(-0.10, 0.005)), Verdict::kUnclear);
}

TEST(Judge, AsksTheGapBetweenRuns) {
  const auto verdict = [](double gap) {
    const LogRatio time{0.10, 0.005, gap};
    return judge(time, p_of_change(time, kOptions), {}, kOptions);
  };
  EXPECT_EQ(verdict(0.08), Verdict::kSlow);
  EXPECT_EQ(verdict(0.01), Verdict::kUnclear);
  EXPECT_EQ(verdict(0), Verdict::kUnclear);
}

TEST(PofChange, IsTheNormalTailFromTheMinimumEffectOn) {
  EXPECT_NEAR(p_of_change(ratio_of(0.03, 0.01), kOptions), 0.0026998, 1e-6);
  EXPECT_NEAR(p_of_change(ratio_of(-0.03, 0.01), kOptions), 0.0026998, 1e-6);
  EXPECT_EQ(p_of_change(ratio_of(0.019, 0.001), kOptions), 1);
}

TEST(LogMedian, IsMovedByNoOutlierAndNeedsSixSamples) {
  std::vector<float> samples;
  for (int i = 0; i < 15; ++i) samples.push_back(1.0F + 0.001F * static_cast<float>(i));
  const auto clean = log_median(samples);
  samples[14] = 50;
  const auto dirty = log_median(samples);
  ASSERT_TRUE(clean && dirty);
  EXPECT_EQ(clean->value, dirty->value);
  EXPECT_EQ(clean->error, dirty->error);
  EXPECT_NEAR(clean->value, std::log(1.007), 1e-6);
  // Ranks 4 and 12 of 15: binomial tables.
  EXPECT_NEAR(clean->error, (std::log(1.011) - std::log(1.003)) / 3.92, 1e-5);
  EXPECT_FALSE(log_median(std::span(samples).first(5)));
  EXPECT_TRUE(log_median(std::span(samples).first(6)));
}

TEST(RowShift, ComesFromTheTableItself) {
  harness::Rng rng(3, "shift");
  std::vector<LogRatio> ratios;
  // Rows that differ by 2 %, samples worth 1 %; the whole table 10 % up.
  for (int i = 0; i < 2000; ++i) {
    ratios.push_back(ratio_of(0.1 + std::hypot(0.02, 0.01) * rng.normal(), 0.01));
  }
  EXPECT_NEAR(row_shift(ratios), 0.0206, 0.0012);
  EXPECT_EQ(row_shift(std::span(ratios).first(7)), 0);
  EXPECT_EQ(row_shift(std::vector<LogRatio>(20, ratio_of(0.1, 0.01))), 0);
}

}  // namespace
}  // namespace pingjia::kernels

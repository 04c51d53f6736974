#include "kernels/comparison/table_comparison.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "kernels/comparison/comparison_text.h"
#include "tests/kernels/comparison/made_table.h"

namespace pingjia::kernels {
namespace {

TableComparison compare_tables(const harness::StoredKernels& a, const harness::StoredKernels& b) {
  return compare_sides(side_of({&a, 1}), side_of({&b, 1}));
}

constexpr int kPairs = 1000;
constexpr int kSamples = 30;
constexpr Noise kQuiet{0.002, 0, 0, 0, 0, 0};

/// In how many of 1,000 pairs of tables, B slower by `factor`, some row was called fast or slow.
int pairs_with_a_verdict(int rows, bool cycles, double factor, const Noise& noise) {
  harness::Rng rng(20261126, "pairs");
  int found = 0;
  for (int i = 0; i < kPairs; ++i) {
    const auto a = made_table(rng, rows, kSamples, noise, 1, cycles);
    const auto b = made_table(rng, rows, kSamples, noise, factor, cycles);
    const auto comparison = compare_tables(a, b);
    found += comparison.count(Verdict::kSlow) + comparison.count(Verdict::kFast) > 0 ? 1 : 0;
  }
  return found;
}

/// Share of single rows found SLOW when every third row of B, or all of them, is slower by 10 %.
double power(int rows, bool cycles, int every) {
  harness::Rng rng(7, "power");
  int slower = 0;
  int found = 0;
  for (int i = 0; i < kPairs / 2; ++i) {
    const auto a = made_table(rng, rows, kSamples, {}, 1, cycles);
    auto b = made_table(rng, rows, kSamples, {}, 1, cycles);
    for (int r = 0; r < rows; r += every) {
      for (float& value : b.samples[r].seconds) value *= 1.1F;
      for (float& value : b.samples[r].cycles) value *= 1.1F;
    }
    const auto comparison = compare_tables(a, b);
    for (int r = 0; r < rows; r += every) {
      ++slower;
      found += comparison.rows[r].verdict == Verdict::kSlow ? 1 : 0;
    }
  }
  return static_cast<double>(found) / slower;
}

TEST(CompareTables, SameProgramTwiceRaisesFewerAlarmsThanOneInAHundred) {
  EXPECT_LT(pairs_with_a_verdict(1, false, 1, {}), 10);
  EXPECT_LT(pairs_with_a_verdict(1, true, 1, {}), 10);
  // Any row of the table, so twenty chances in each pair.
  EXPECT_LT(pairs_with_a_verdict(20, false, 1, {}), 10);
  EXPECT_LT(pairs_with_a_verdict(20, true, 1, {}), 10);
}

TEST(CompareTables, NoisierProcessesAreSeenInTheTableItself) {
  Noise placed;
  placed.row_shift = 0.03;
  EXPECT_LT(pairs_with_a_verdict(20, false, 1, placed), 10);
}

TEST(CompareTables, TenPercentIsFound) {
  EXPECT_GE(power(1, false, 1), 0.95);
  EXPECT_GE(power(1, true, 1), 0.95);
  EXPECT_GE(power(20, true, 20), 0.95);
  // Everything slower: the shift is the spread about the middle, and the middle moved.
  EXPECT_GE(power(20, false, 1), 0.95);
}

/// `count` runs in turn with another side's; each row of each is, once in `slow_once_in`, half as
/// slow again for the whole run.
Side runs(harness::Rng& rng, int count, double factor, double slow_once_in) {
  std::vector<harness::StoredKernels> made;
  for (int run = 0; run < count; ++run) {
    made.push_back(made_table(rng, 20, kSamples, {}, factor, true));
    for (harness::KernelSamples& row : made.back().samples) {
      if (rng.uniform() * slow_once_in >= 1) continue;
      for (float& value : row.seconds) value *= 1.5F;
      for (float& value : row.cycles) value *= 1.5F;
    }
  }
  return side_of(made);
}

/// Of 300 pairs of sides of 20 rows: how many rows were called SLOW or FAST.
int changed_rows(int count, double factor, double slow_once_in) {
  harness::Rng rng(3, "runs");
  int changed = 0;
  for (int pair = 0; pair < 300; ++pair) {
    const Side a = runs(rng, count, 1, slow_once_in);
    const auto comparison = compare_sides(a, runs(rng, count, factor, slow_once_in));
    changed += comparison.count(Verdict::kSlow) + comparison.count(Verdict::kFast);
  }
  return changed;
}

TEST(CompareSides, ASlowRunOfARowIsNotASlowProgram) {
  // One run a side cannot tell: nearly every slow run is an alarm.
  EXPECT_GT(changed_rows(1, 1, 50), 150);
  EXPECT_LT(changed_rows(3, 1, 50), 3) << "1 of 100 pairs of tables";
}

TEST(CompareSides, SeveralRunsFindASlowerProgram) {
  EXPECT_GE(changed_rows(3, 1.1, 1e9), 300 * 20 * 95 / 100);
}

harness::StoredKernels quiet(double factor, bool cycles = false) {
  harness::Rng rng(1, "quiet");
  return made_table(rng, 4, kSamples, kQuiet, factor, cycles);
}

TEST(CompareTables, ClockAloneIsSaidSo) {
  auto a = quiet(1, true);
  auto b = quiet(1, true);
  for (float& value : b.samples[2].seconds) value *= 1.3F;
  a.table.rows[2].clock_hz = 2.6e9;
  b.table.rows[2].clock_hz = 2e9;
  const auto comparison = compare_tables(a, b);
  EXPECT_EQ(comparison.rows[2].verdict, Verdict::kSame);
  EXPECT_EQ(comparison.rows[2].note, "only the clock changed: 2.60 GHz in A, 2.00 GHz in B");
  EXPECT_NEAR(*comparison.rows[2].cycle_ratio, 1, 1e-6);
  EXPECT_FALSE(comparison.failed());
}

TEST(CompareTables, UnderLoadNothingIsFastOrSlow) {
  auto a = quiet(1);
  auto b = quiet(1.3);
  b.table.context["competing_processors"] = "0.20";
  EXPECT_EQ(compare_tables(a, b).count(Verdict::kSlow), 4);
  b.table.context["competing_processors"] = "1.35";
  for (const auto& comparison : {compare_tables(a, b), compare_tables(b, a)}) {
    EXPECT_EQ(comparison.count(Verdict::kUnclear), 4);
    EXPECT_FALSE(comparison.failed());
    EXPECT_NE(comparison_text(comparison).find("measure again on a quiet machine"),
              std::string::npos);
  }
}

TEST(CompareTables, NamesWhatCannotBeCompared) {
  auto a = quiet(1);
  auto b = quiet(1);
  a.table.context = {{"processor", "Xeon"}, {"kernel", "6.1"}};
  b.table.context = {{"processor", "EPYC"}, {"kernel", "6.1"}, {"wall_seconds", "2"}};
  a.table.context["wall_seconds"] = "1";
  a.table.rows[0].op = "gone";
  b.table.rows[0].op = "new";
  b.table.rows[1].status = harness::KernelRow::kAbsent;
  b.table.rows[1].reason = "no oneDNN here";
  a.samples[2].seconds.resize(3);
  const auto comparison = compare_tables(a, b);
  ASSERT_EQ(comparison.rows.size(), 2u);
  EXPECT_EQ(comparison.rows[0].verdict, Verdict::kUnclear);
  EXPECT_EQ(comparison.rows[0].note, "fewer than 6 samples");
  EXPECT_EQ(comparison.rows[1].verdict, Verdict::kSame);
  EXPECT_EQ(comparison.only_a, std::vector<std::string>{"gone/bf16/random/cold/ours"});
  EXPECT_EQ(comparison.only_b, std::vector<std::string>{"new/bf16/random/cold/ours"});
  EXPECT_EQ(comparison.not_compared,
            std::vector<std::string>{"op1/bf16/random/cold/ours: absent in B: no oneDNN here"});
  EXPECT_EQ(comparison.other_context, std::vector<std::string>{"processor: Xeon / EPYC"});
  EXPECT_FALSE(comparison.failed());
  b.table.rows[1].status = harness::KernelRow::kFailed;
  EXPECT_TRUE(compare_tables(a, b).failed())
      << "a kernel that is wrong now is worse than a slow one";
}

TEST(CompareSides, ARowIsOfAllRunsOrOfNone) {
  const std::vector<harness::StoredKernels> a{quiet(1), quiet(1.02)};
  std::vector<harness::StoredKernels> b{quiet(1.2), quiet(1.3)};
  b[1].table.rows[0].status = harness::KernelRow::kFailed;
  b[1].table.rows[0].reason = "differs";
  b[1].table.rows.pop_back();
  b[1].samples.pop_back();
  b[1].table.context["competing_processors"] = "0.20";
  const auto comparison = compare_sides(side_of(a), side_of(b));
  EXPECT_EQ(comparison.not_compared,
            (std::vector<std::string>{"op0/bf16/random/cold/ours: failed in B: differs",
                                      "op3/bf16/random/cold/ours: absent in B: not in every run"}));
  EXPECT_TRUE(comparison.broken);
  ASSERT_EQ(comparison.rows.size(), 2u);
  EXPECT_EQ(comparison.rows[0].verdict, Verdict::kSlow);
  EXPECT_NEAR(comparison.rows[0].ratio, std::sqrt(1.2 * 1.3 / 1.02), 1e-3);
  EXPECT_FALSE(comparison.under_load);
}

TEST(CompareSides, RunsThatOverlapAreUnclear) {
  const std::vector<harness::StoredKernels> a{quiet(1), quiet(1.5)}, b{quiet(1.4), quiet(2)};
  const auto comparison = compare_sides(side_of(a), side_of(b));
  EXPECT_EQ(comparison.rows[0].verdict, Verdict::kUnclear);
  EXPECT_EQ(comparison.rows[0].note, "runs of A and B overlap");
}

TEST(ComparisonText, PutsTheSlowFirstAndCounts) {
  auto b = quiet(1);
  for (float& value : b.samples[3].seconds) value *= 1.2F;
  for (float& value : b.samples[1].seconds) value *= 0.8F;
  b.table.rows[3].seconds->median *= 1.2;
  const auto comparison = compare_tables(quiet(1), b);
  const auto text = comparison_text(comparison);
  EXPECT_EQ(text.find("SLOW       +20.0 % ["), 0u) << text;
  EXPECT_NE(text.find("3.998 us -> 4.798 us"), std::string::npos) << text;
  EXPECT_LT(text.find("op3/"), text.find("op1/"));
  EXPECT_NE(text.find("4 rows compared: 1 SLOW 1 FAST 0 UNCLEAR 2 SAME"), std::string::npos)
      << text;
  const auto json = comparison_json(comparison);
  EXPECT_EQ(json.at("schema_version"), 1);
  EXPECT_EQ(json.at("rows").at(3).at("verdict"), "SLOW");
  EXPECT_NEAR(json.at("rows").at(3).at("ratio").get<double>(), 1.2, 1e-3);
  EXPECT_EQ(json.at("failed"), true);
}

}  // namespace
}  // namespace pingjia::kernels

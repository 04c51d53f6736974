#include "reports/columns.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pingjia::reports {
namespace {

using harness::Better;
using harness::Metric;
using harness::SummaryRow;

SummaryRow row_with(const std::string& tag, const std::string& unit, std::optional<double> value,
                    std::optional<double> low = {}, std::optional<double> high = {}) {
  SummaryRow row;
  row.metrics.push_back(Metric{tag, tag, unit, Better::kLower, value, low, high, ""});
  return row;
}

std::string cell(const SummaryRow& row) {
  const SummaryRow* rows[] = {&row};
  return format_cell(column_for(row.metrics.front().tag, rows), row);
}

std::string title(const SummaryRow& row) {
  const SummaryRow* rows[] = {&row};
  return column_for(row.metrics.front().tag, rows).title();
}

TEST(Significant, ThreeDigitsNoExponentThousandsSeparated) {
  EXPECT_EQ(significant(0.0000123456), "0.0000123");
  EXPECT_EQ(significant(12.34), "12.3");
  EXPECT_EQ(significant(1234567), "1,234,567");
  EXPECT_EQ(significant(0), "0");
  EXPECT_EQ(significant(-1234), "-1,234");
}

TEST(Columns, IntervalsStandInBracketsWithTheValuesDecimals) {
  EXPECT_EQ(cell(row_with("accuracy", "fraction", 0.831, 0.802, 0.857)), "0.83 [0.80, 0.86]");
}

TEST(Columns, NarrowIntervalsGetAThirdDecimal) {
  EXPECT_EQ(cell(row_with("accuracy", "fraction", 0.8311, 0.8252, 0.8368)), "0.831 [0.825, 0.837]");
}

TEST(Columns, UnknownIsADashNeverZero) {
  EXPECT_EQ(cell(row_with("accuracy", "fraction", std::nullopt)), "—");
  EXPECT_EQ(cell(row_with("failed", "count", 0)), "0");
}

TEST(Columns, SecondsBelowOneBecomeMilliseconds) {
  const auto row = row_with("ttft_p50", "s", 0.0182);
  EXPECT_EQ(title(row), "TTFT p50, ms");
  EXPECT_EQ(cell(row), "18.2");
  EXPECT_EQ(title(row_with("ttft_p50", "s", 2.5)), "TTFT p50, s");
}

TEST(Columns, AColumnWithoutValuesTakesTheUnitOfItsMedian) {
  SummaryRow row = row_with("ttft_p50", "s", 0.0182);
  row.metrics.push_back(Metric{"ttft_p99", "", "s", Better::kLower, {}, {}, {}, "too few"});
  const SummaryRow* rows[] = {&row};
  EXPECT_EQ(column_for("ttft_p99", rows).title(), "TTFT p99, ms");
}

TEST(Columns, TinyCostsAreShownForManyAnswers) {
  const auto million = row_with("usd_per_correct", "USD", 0.00000314, 0.000003, 0.0000033);
  EXPECT_EQ(title(million), "$ per 1M correct");
  EXPECT_EQ(cell(million), "3.14 [3.00, 3.30]");
  EXPECT_EQ(title(row_with("usd_per_correct", "USD", 0.0012)), "$ per 1,000 correct");
  EXPECT_EQ(title(row_with("usd_per_correct", "USD", 0.2)), "$ per correct answer");
}

TEST(Columns, AnOpenIntervalShowsTheBoundItHas) {
  EXPECT_EQ(cell(row_with("usd_per_correct", "USD", 0.2, 0.15)), "0.200 [0.150, —]");
}

TEST(Columns, OtherIntervalsStayOutOfTheTable) {
  EXPECT_EQ(cell(row_with("ttft_p50", "s", 0.018, 0.017, 0.019)), "18.0");
}

TEST(Columns, RareOutcomesAppearOnlyWhenTheyHappened) {
  const auto has = [](const SummaryRow& row, const std::string& tag) {
    const SummaryRow* rows[] = {&row};
    const auto columns = columns_for(rows);
    return std::any_of(columns.begin(), columns.end(),
                       [&](const Column& column) { return column.tag == tag; });
  };
  EXPECT_FALSE(has(row_with("refused", "count", 0), "refused"));
  EXPECT_TRUE(has(row_with("refused", "count", 2), "refused"));
  EXPECT_FALSE(has(row_with("gpu_hours", "hours", std::nullopt), "gpu_hours"));
}

}  // namespace
}  // namespace pingjia::reports

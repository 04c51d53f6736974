#include "reports/svg/score_budget.h"

#include <gtest/gtest.h>

namespace pingjia::reports {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(ScoreBudget, ALineForEachModelAndItsBudgetsByName) {
  const std::vector<BudgetLine> lines{
      {"m", 0, {{"m-1k", "1024", 300, 0.4, 0.35, 0.45}, {"m-8k", "8192", 2100, 0.7, 0.65, 0.75}}}};
  const auto svg = score_budget_svg(lines, kWide);
  EXPECT_EQ(count(svg, "class=\"curve thin\""), 1U);
  EXPECT_EQ(count(svg, "class=\"mark\""), 2U);
  EXPECT_EQ(count(svg, "class=\"bar\""), 2U);
  EXPECT_EQ(count(svg, "≤ 8192</text>"), 1U);
  EXPECT_EQ(count(svg,
                  ">m-8k: accuracy 0.700 [0.650, 0.750] at 2,100 output tokens per answer, at "
                  "most 8192</title>"),
            1U);
}

TEST(ScoreBudget, WithoutIntervalsThereAreNoBars) {
  const auto svg = score_budget_svg({{"<m>", 1, {{"<m>", "16", 4, 0.5, {}, {}}}}}, kNarrow);
  EXPECT_EQ(count(svg, "class=\"bar\""), 0U);
  EXPECT_EQ(count(svg, "<m>"), 0U);
  EXPECT_EQ(count(svg, "nan"), 0U);
}

}  // namespace
}  // namespace pingjia::reports

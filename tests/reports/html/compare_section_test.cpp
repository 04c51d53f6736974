#include <fmt/format.h>
#include <gtest/gtest.h>

#include "reports/html/sections.h"
#include "tests/reports/fixture.h"

namespace pingjia::reports {
namespace {

std::string section_of(const std::vector<harness::RunView>& runs) {
  std::string out;
  write_compare_section(out, make_page(runs));
  return out;
}

TEST(CompareSection, HasEveryPairWithItsExactNumbers) {
  const auto run = fixture::demo(40);
  ASSERT_EQ(run.summary.comparisons.size(), 3U);
  const std::string section = section_of({run});
  for (const auto& pair : run.summary.comparisons) {
    for (const auto& metric : pair.metrics) {
      if (!metric.value) continue;
      EXPECT_NE(section.find(
                    fmt::format("data-pair=\"{}\" data-value=\"{}\"", metric.tag, *metric.value)),
                std::string::npos)
          << pair.a << " " << pair.b << " " << metric.tag;
    }
  }
}

TEST(CompareSection, AnUnknownNumberSaysWhy) {
  auto run = fixture::demo(10);
  for (auto& metric : run.summary.comparisons.front().metrics) {
    if (metric.tag == "cost_ratio")
      metric = {"cost_ratio", "", "ratio", {}, {}, {}, {}, "no price"};
  }
  EXPECT_NE(section_of({run}).find("<td title=\"no price\">—</td>"), std::string::npos);
}

TEST(CompareSection, ASingleSystemHasNoPairs) {
  EXPECT_NE(section_of({fixture::empty()}).find("No pairs: fewer than two systems"),
            std::string::npos);
}

}  // namespace
}  // namespace pingjia::reports

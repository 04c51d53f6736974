#include <gtest/gtest.h>

#include "reports/html/page.h"
#include "tests/reports/fixture.h"

namespace pingjia::reports {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(KernelsSection, StandsAloneForAFolderOfKernels) {
  const std::string page = write_html({fixture::kernels()});
  EXPECT_EQ(count(page, "<section id=\"kernels\">"), 1u);
  EXPECT_EQ(count(page, "<section id=\"summary\">"), 0u);
  EXPECT_EQ(count(page, "<section id=\"manifest\">"), 0u);
  EXPECT_EQ(
      count(page, "<p class=\"lead-text\"><span class=\"word\" data-k=\"Our kernels are faster"),
      1u);
  EXPECT_EQ(count(page, "alert(1)"), 1u);
  EXPECT_EQ(count(page, "<script>alert"), 0u);
  EXPECT_EQ(count(page, "<b>[0, 17]"), 0u);
}

TEST(KernelsSection, HasAFigureOfEachKindPerOpAndType) {
  const std::string page = write_html({fixture::kernels()});
  EXPECT_EQ(count(page, "-roofline\" role=\"group\""), 5u);
  EXPECT_EQ(count(page, "-heat\" role=\"group\""), 5u);
  // Permuting does no arithmetic: its roofline is a reason. Each chart is drawn for two widths.
  EXPECT_EQ(count(page, "<svg class=\"plot wide\""), 4u + 5u);
  EXPECT_EQ(count(page, "no row has both a result and arithmetic to count."), 1u + 1u + 1u);
}

TEST(KernelsSection, EveryRowStandsInATable) {
  const auto run = fixture::kernels();
  const std::string page = write_html({run});
  EXPECT_EQ(count(page, "<td class=\"l why\">"),
            run.kernels->rows.size() + 2 * 3u);  // Three reasons: rejected, failed, absent.
  EXPECT_EQ(count(page, "title=\"40 samples\""), run.kernels->rows.size() - 4u);
}

TEST(KernelsSection, StandsBesideARunsOwn) {
  auto run = fixture::demo(5);
  run.kernels = fixture::kernels().kernels;
  const std::string page = write_html({run});
  EXPECT_EQ(count(page, "<section id=\"kernels\">"), 1u);
  EXPECT_EQ(count(page, "<section id=\"summary\">"), 1u);
  EXPECT_EQ(count(write_html({fixture::demo(5)}), "<section id=\"kernels\">"), 0u);
}

}  // namespace
}  // namespace pingjia::reports

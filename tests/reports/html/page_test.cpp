#include "reports/html/page.h"

#include <gtest/gtest.h>

#include "reports/html/script.h"
#include "tests/reports/fixture.h"

namespace pingjia::reports {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// The page without what its script and data elements hold.
std::string markup_of(const std::string& page) {
  std::string out;
  std::size_t at = 0;
  for (auto start = page.find("<script"); start != std::string::npos;
       start = page.find("<script", at)) {
    out += page.substr(at, start - at);
    at = page.find("</script>", start);
  }
  return out + page.substr(at);
}

// The one script is ours; the others are data.
void expect_one_script(const std::string& page) {
  EXPECT_EQ(count(page, "<script>"), 1U);
  EXPECT_EQ(count(page, "<script"), 1U + count(page, "<script type=\"application/"));
}

TEST(Page, HasOneTableRowForEverySummaryRow) {
  const auto run = fixture::demo(10);
  EXPECT_EQ(count(write_html({run}), "<tr data-run="), run.summary.rows.size());
}

TEST(Page, ShowsShortRunsWholeWithoutScript) {
  const auto run = fixture::demo(10);
  EXPECT_EQ(count(write_html({run}), "<td class=a>"), run.samples.size());
}

TEST(Page, ShowsTheFirstQuestionsOfLongRunsWithoutScript) {
  const std::string page = write_html({fixture::demo(60)});
  EXPECT_EQ(count(page, "<td class=a>"), 4 * 50U * 3);
  EXPECT_EQ(count(page, "10 more questions are shown where scripts may run"), 4U);
}

TEST(Page, TheSamplesStandBehindTheScript) {
  const std::string page = write_html({fixture::demo(10)});
  const auto last = page.rfind("<script>");
  EXPECT_LT(last, page.find("id=\"sample-names\""));
  EXPECT_EQ(count(page, "<script type=\"application/octet-stream\" id=\"sample-chunk-"), 1U);
}

TEST(Page, FetchesNothingAndRunsItsOwnScriptAlone) {
  const std::string page = write_html({fixture::demo(10)});
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(page.find("unsafe"), std::string::npos);
  expect_one_script(page);
  for (const auto* part : {"<link", "<img", "<iframe", "@import", "url(", "http://", "https://"}) {
    EXPECT_EQ(count(markup_of(page), part), 0U) << part;
  }
}

TEST(Page, RunsOneScriptThatItsPolicyNamesByHash) {
  const std::string page = write_html({fixture::demo(10)});
  EXPECT_EQ(count(page, "<script>"), 1U);
  const auto start = page.find("<script>") + 8;
  const std::string script = page.substr(start, page.find("</script>", start) - start);
  EXPECT_EQ(script, page_script());
  EXPECT_NE(page.find("script-src '" + policy_hash(script) + "'"), std::string::npos);
}

TEST(Page, DataCannotEndItsBlock) {
  const std::string block = data_block("x", R"(["</script><!--"])");
  EXPECT_EQ(count(block, "</script>"), 1U);
  EXPECT_EQ(count(block, "<!--"), 0U);
  EXPECT_NE(block.find(R"(\u003c/script>\u003c!--)"), std::string::npos);
}

TEST(Page, WhatModelsWroteIsTextOnly) {
  const std::string page = write_html({fixture::hostile()});
  expect_one_script(page);
  EXPECT_EQ(count(page, "<img"), 0U);
  EXPECT_EQ(count(page, "<b>tile"), 0U);
  EXPECT_EQ(count(page, "<style"), 1U);
  EXPECT_EQ(count(page, "\x1b"), 0U);
  EXPECT_EQ(count(page, "\xE2\x80\xAE"), 0U);
  EXPECT_NE(page.find("⟨U+202E⟩desrever"), std::string::npos);
}

TEST(Page, AHugeAnswerIsCutWithANote) {
  const std::string page = write_html({fixture::hostile()});
  EXPECT_LT(page.size(), 1'000'000U);
  EXPECT_NE(page.find("cut: 9999600 bytes more in records.jsonl"), std::string::npos);
}

TEST(Page, AThousandSamplesTakeLessThanThreeMegabytes) {
  auto run = fixture::demo(84);  // 3 systems x 4 suites
  for (auto& sample : run.samples) sample.record.completion.text = std::string(20'000, 'w');
  EXPECT_EQ(run.samples.size(), 1008U);
  const std::string page = write_html({run});
  EXPECT_LT(page.size(), 1'500'000U);
  EXPECT_LT(write_html({fixture::demo(84)}).size(), 1'000'000U);
}

TEST(Page, ChartsWithoutDataSayWhy) {
  const std::string failed = write_html({fixture::failed()});
  // When requests failed is all that there is to draw: a timeline for each of three systems.
  EXPECT_EQ(count(failed, "<svg class=\"plot"), 3U);
  EXPECT_GE(count(failed, "<g class=\"mark fail\">"), 3U);
  EXPECT_EQ(count(failed, "No chart: every request failed: 180 × overloaded."), 12U);
  EXPECT_EQ(count(failed, "No chart: the cost is unknown: no tokens."), 3U);
  EXPECT_EQ(count(write_html({fixture::empty()}), "No chart: the run has no results."), 7U);
}

TEST(Page, PromptsOfASuiteAreShared) {
  const std::string page = write_html({fixture::demo(10)});
  // Four suites; the system message stands once in each.
  EXPECT_EQ(count(page, "Answer with the result only."), 4U);
}

}  // namespace
}  // namespace pingjia::reports

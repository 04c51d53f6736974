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

TEST(Page, HasOneTableRowForEverySummaryRow) {
  const auto run = fixture::demo(10);
  EXPECT_EQ(count(write_html({run}), "<tr data-run="), run.summary.rows.size());
}

TEST(Page, ShowsEveryAnswerOnce) {
  const auto run = fixture::demo(10);
  EXPECT_EQ(count(write_html({run}), "<td class=a>"), run.samples.size());
}

// The page with its own script and data cut out: what is left was written by sections.
std::string without_scripts(std::string page) {
  for (auto at = page.find("<script"); at != std::string::npos; at = page.find("<script", at)) {
    page.erase(at, page.find("</script>", at) + 9 - at);
  }
  return page;
}

TEST(Page, FetchesNothing) {
  const std::string page = write_html({fixture::demo(10)});
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(page.find("unsafe"), std::string::npos);
  for (const auto* part : {"<link", "<img", "<iframe", "@import", "url(", "http://", "https://"}) {
    EXPECT_EQ(count(without_scripts(page), part), 0U) << part;
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
  const std::string page = without_scripts(write_html({fixture::hostile()}));
  EXPECT_EQ(count(page, "<script"), 0U);
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
  EXPECT_NE(page.find("cut: 9992000 bytes more in records.jsonl"), std::string::npos);
}

TEST(Page, AThousandSamplesTakeLessThanThreeMegabytes) {
  auto run = fixture::demo(84);  // 3 systems x 4 suites
  for (auto& sample : run.samples) sample.record.completion.text = std::string(20'000, 'w');
  EXPECT_EQ(run.samples.size(), 1008U);
  const std::string page = write_html({run});
  EXPECT_LT(page.size(), 3'800'000U);
  EXPECT_LT(write_html({fixture::demo(84)}).size(), 1'000'000U);
}

TEST(Page, ChartsWithoutDataSayWhy) {
  const std::string failed = write_html({fixture::failed()});
  EXPECT_EQ(count(failed, "<svg class=\"plot"), 0U);
  EXPECT_EQ(count(failed, "No chart: every request failed: 180 × overloaded."), 6U);
  EXPECT_EQ(count(write_html({fixture::empty()}), "No chart: the run has no results."), 4U);
}

TEST(Page, PromptsOfASuiteAreShared) {
  const std::string page = write_html({fixture::demo(10)});
  // Four suites; the system message stands once in each.
  EXPECT_EQ(count(page, "Answer with the result only."), 4U);
}

}  // namespace
}  // namespace pingjia::reports

#include "reports/html/page.h"

#include <gtest/gtest.h>

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

TEST(Page, FetchesNothingAndRunsNothing) {
  const std::string page = write_html({fixture::demo(10)});
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  for (const auto* part :
       {"<script", "<link", "<img", "<iframe", "@import", "url(", "http://", "https://"}) {
    EXPECT_EQ(count(page, part), 0U) << part;
  }
}

TEST(Page, WhatModelsWroteIsTextOnly) {
  const std::string page = write_html({fixture::hostile()});
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
  // When requests failed is all that there is to draw: a timeline for each of three systems.
  EXPECT_EQ(count(failed, "<svg class=\"plot"), 3U);
  EXPECT_GE(count(failed, "<g class=\"mark fail\">"), 3U);
  EXPECT_EQ(count(failed, "No chart: every request failed: 180 × overloaded."), 7U);
  EXPECT_EQ(count(failed, "No chart: the cost is unknown: no tokens."), 3U);
  EXPECT_EQ(count(write_html({fixture::empty()}), "No chart: the run has no results."), 6U);
}

TEST(Page, PromptsOfASuiteAreShared) {
  const std::string page = write_html({fixture::demo(10)});
  // Four suites; the system message stands once in each.
  EXPECT_EQ(count(page, "Answer with the result only."), 4U);
}

}  // namespace
}  // namespace pingjia::reports

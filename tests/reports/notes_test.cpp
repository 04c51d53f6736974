#include "reports/notes.h"

#include <gtest/gtest.h>

#include "tests/reports/fixture.h"

namespace pingjia::reports {
namespace {

using harness::Better;
using harness::Metric;
using harness::RunView;
using harness::SummaryRow;

SummaryRow row(const std::string& suite, const std::string& maker,
               const std::vector<std::string>& notes = {}) {
  SummaryRow made;
  made.system = "a";
  made.suite = suite;
  made.price_basis = "machine";
  made.metrics.push_back(Metric{"ttft_p50", "", "s", Better::kLower, {}, {}, {}, maker});
  made.notes = notes;
  return made;
}

std::vector<std::string> caveats_of(const std::vector<SummaryRow>& rows) {
  RunView run;
  run.summary.rows = rows;
  const std::vector<RunView> runs{run};
  std::vector<std::string> lines;
  for (const auto& note : caveats(contestants(runs), runs)) lines.push_back(note_line(note));
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Notes, AReasonIsGivenOnceForTheWhole) {
  EXPECT_EQ(caveats_of({row("*", "unknown: no stream"), row("x", "no stream of 7"),
                        row("y", "no stream of 9")}),
            (Lines{"TTFT p50 — unknown for a: no stream"}));
}

TEST(Notes, OneSuitesReasonNamesTheSuite) {
  SummaryRow whole = row("*", "");
  whole.metrics[0].value = 0.1;
  EXPECT_EQ(caveats_of({whole, row("x", "no stream"), row("y", "no stream")}),
            (Lines{"TTFT p50 — unknown for a on x, y: no stream"}));
}

TEST(Notes, WhatIsSaidOfTheWholeIsNotSaidOfItsParts) {
  SummaryRow whole = row("*", "", {"3 of 20 requests failed"});
  whole.metrics.clear();
  SummaryRow part = row("x", "", {"3 of 10 requests failed", "only here"});
  part.metrics.clear();
  SummaryRow other = part;
  other.suite = "y";
  other.notes.clear();
  EXPECT_EQ(caveats_of({whole, part, other}),
            (Lines{"a: 3 of 20 requests failed", "a on x: only here"}));
}

TEST(Notes, PricesNameTheirBasisAndSource) {
  const std::vector<RunView> runs{fixture::demo(20)};
  const auto notes = price_notes(contestants(runs));
  ASSERT_EQ(notes.size(), 3U);
  EXPECT_EQ(notes[0].text.find("machine by the hour — fixture rate: 2-core VM, $0.08 per hour"),
            0U);
  EXPECT_EQ(notes[2].text.find("API price — fixture price row, 2026-11-25"), 0U);
}

}  // namespace
}  // namespace pingjia::reports

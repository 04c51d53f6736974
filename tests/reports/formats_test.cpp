// Every format of the table, on fixture runs; approved outputs are in golden/. After a wanted
// change run this test with PINGJIA_APPROVE=1 and read the difference before committing it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "reports/table.h"
#include "reports/visible.h"
#include "tests/reports/fixture.h"

namespace pingjia::reports {
namespace {

using harness::RunView;

std::string write(const std::string& format, const std::vector<RunView>& runs) {
  return harness::find_row(reports(), "report", format, "test").make(runs);
}

void expect_golden(const std::string& file, const std::string& text) {
  const std::string path = std::string(PINGJIA_SOURCE_DIR) + "/tests/reports/golden/" + file;
  if (std::getenv("PINGJIA_APPROVE") != nullptr) std::ofstream(path, std::ios::binary) << text;
  std::ifstream in(path, std::ios::binary);
  std::stringstream approved;
  approved << in.rdbuf();
  EXPECT_EQ(text, approved.str()) << path;
}

TEST(Formats, TextOfTheDemoIsAsApproved) {
  expect_golden("demo.txt", write("text", {fixture::demo(40)}));
}

TEST(Formats, TextOfUnevenSystemsIsAsApproved) {
  expect_golden("uneven.txt", write("text", {fixture::uneven()}));
}

TEST(Formats, MarkdownOfTheDemoIsAsApproved) {
  expect_golden("demo.md", write("markdown", {fixture::demo(40)}));
}

TEST(Formats, NoLineOfTheTextIsWiderThanATerminal) {
  std::istringstream lines(write("text", {fixture::crowd(), fixture::hostile()}));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 118U) << line;
}

TEST(Formats, NoControlCharacterReachesATerminal) {
  for (const unsigned char c : write("text", {fixture::hostile()})) {
    EXPECT_TRUE(c >= 0x20 || c == '\n') << int{c};
  }
}

TEST(Formats, MarkdownFitsAPullRequestComment) {
  EXPECT_LT(write("markdown", {fixture::crowd(60, 6, 2)}).size(), 65'536U);
}

TEST(Formats, MarkdownEscapesWhatItWouldRead) {
  const std::string text = write("markdown", {fixture::hostile()});
  EXPECT_EQ(text.find("<script"), std::string::npos);
  EXPECT_EQ(text.find("<img"), std::string::npos);
}

TEST(Formats, SeveralRunsAreNamedInEveryLabel) {
  RunView night = fixture::demo(10);
  night.name = "night";
  const std::string text = write("text", {fixture::demo(10), night});
  EXPECT_NE(text.find("night · dense: machine by the hour"), std::string::npos);
}

// A reader of RFC 4180, so that the writer is not compared with itself.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> lines{{""}};
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      lines.back().back() += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      lines.back().emplace_back();
    } else if (!quoted && c == '\r' && text[i + 1] == '\n') {
      ++i;
      if (i + 1 < text.size()) lines.push_back({""});
    } else {
      lines.back().back() += c;
    }
  }
  return lines;
}

TEST(Formats, CsvHoldsEveryMetricAndReadsBackExactly) {
  const RunView run = fixture::hostile();
  const auto lines = parse_csv(write("csv", {run}));
  std::size_t at = 1;
  for (const auto& row : run.summary.rows) {
    for (const auto& metric : row.metrics) {
      ASSERT_LT(at, lines.size());
      const auto& line = lines[at++];
      ASSERT_EQ(line.size(), 13U);
      EXPECT_EQ(line[1], row.system);
      EXPECT_EQ(line[5], metric.tag);
      EXPECT_EQ(line[9].empty(), !metric.value);
      if (metric.value) {
        EXPECT_EQ(std::stod(line[9]), *metric.value);
      }
      EXPECT_EQ(line[12], metric.maker);
    }
  }
  EXPECT_EQ(at, lines.size());
}

TEST(Formats, JsonHoldsTheWholeRun) {
  const RunView run = fixture::demo(5);
  const auto whole = nlohmann::json::parse(write("json", {run}));
  EXPECT_EQ(whole["schema_version"], harness::kSchemaVersion);
  const auto& written = whole["runs"][0];
  EXPECT_EQ(written["manifest"]["name"], "fixture");
  EXPECT_EQ(written["samples"].size(), run.samples.size());
  ASSERT_EQ(written["summary"]["rows"].size(), run.summary.rows.size());
  const auto& metric = written["summary"]["rows"][0]["metrics"][1];
  EXPECT_EQ(metric["tag"], "accuracy");
  EXPECT_EQ(metric["value"].get<double>(), *run.summary.rows[0].metrics[1].value);
  EXPECT_EQ(written["samples"][0]["score"]["gold"], run.samples[0].gold);
}

TEST(Formats, JsonSurvivesBrokenUtf8) {
  RunView run = fixture::hostile();
  run.samples.resize(5);
  EXPECT_TRUE(nlohmann::json::accept(write("json", {run})));
}

TEST(Formats, EveryFormatTakesNothingAtAll) {
  for (const auto& row : reports()) {
    EXPECT_FALSE(row.make({}).empty()) << row.name;
    EXPECT_FALSE(row.make({fixture::empty()}).empty()) << row.name;
  }
}

TEST(Formats, JunitCountsWhatItHolds) {
  const auto run = fixture::demo(40);
  const std::string xml = write("junit", {run});
  std::size_t right = 0;
  std::size_t failed = 0;
  for (const auto& sample : run.samples) {
    right += sample.outcome == "right" ? 1 : 0;
    failed += sample.outcome == "failed" ? 1 : 0;
  }
  const auto count = [&](const std::string& part) {
    std::size_t found = 0;
    for (auto at = xml.find(part); at != std::string::npos; at = xml.find(part, at + 1)) ++found;
    return found;
  };
  EXPECT_EQ(count("<testcase "), run.samples.size());
  EXPECT_EQ(count("\"></testcase>"), right);
  EXPECT_EQ(count("<error "), failed);
  EXPECT_EQ(count("<testsuite "), run.summary.rows.size() - 3);  // Without the rows "*".
  EXPECT_NE(xml.find(fmt::format("<testsuites name=\"pingjia\" tests=\"{}\"", run.samples.size())),
            std::string::npos);
  EXPECT_NE(xml.find("<property name=\"accuracy\" value=\""), std::string::npos);
}

TEST(Formats, JunitIsXmlWhateverAModelWrote) {
  const std::string xml = write("junit", {fixture::hostile()});
  EXPECT_EQ(xml.find("<script"), std::string::npos);
  EXPECT_EQ(xml.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace pingjia::reports

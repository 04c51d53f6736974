#include "reports/kernel_lines.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/csv.h"
#include "reports/json.h"
#include "reports/junit.h"
#include "reports/markdown.h"
#include "reports/text.h"
#include "reports/visible.h"
#include "tests/reports/fixture.h"

namespace pingjia::reports {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

std::size_t lines_wider_than(const std::string& text, std::size_t width) {
  std::size_t found = 0;
  std::size_t start = 0;
  while (start < text.size()) {
    const auto end = std::min(text.find('\n', start), text.size());
    found += display_width(text.substr(start, end - start)) > width ? 1 : 0;
    start = end + 1;
  }
  return found;
}

TEST(KernelText, HasARowForEveryResultAndTheReasonsOfTheOthers) {
  const auto run = fixture::kernels();
  const auto text = write_text({run});
  EXPECT_EQ(count(text, "No results"), 0u);
  EXPECT_EQ(count(text, " openblas "), 24u) << text;
  EXPECT_NE(text.find("1 × onednn rejected: 104 % of the roof bf16"), std::string::npos) << text;
  EXPECT_NE(text.find("3 × blis absent: libblis.so.4 is not installed"), std::string::npos);
  EXPECT_EQ(lines_wider_than(text, 118), 0u) << text;
}

TEST(KernelText, SaysWhereNothingCameOut) {
  auto run = fixture::kernels();
  for (auto& row : run.kernels->rows) {
    if (row.op == "moe/permute") row.status = harness::KernelRow::kFailed;
  }
  EXPECT_EQ(count(write_text({run}), "  No row has a result.\n"), 1u);
}

TEST(KernelText, StandsBesideAnswersToo) {
  auto run = fixture::demo(5);
  run.kernels = fixture::kernels().kernels;
  const auto text = write_text({run});
  EXPECT_NE(text.find("QUALITY"), std::string::npos);
  EXPECT_NE(text.find("attention/prefill bf16"), std::string::npos);
  EXPECT_NE(text.find("Highest accuracy"), std::string::npos);
}

TEST(KernelMarkdown, NamesOurBestBesideTheBestOther) {
  const auto run = fixture::kernels();
  const auto text = write_markdown({run});
  // 8 prefill, 6 decode, 2 x 8 products, 3 permutations.
  EXPECT_EQ(count(text, "\n| "), 1 + 33u) << text;
  EXPECT_NE(text.find("| attention/prefill | bf16 | 2048, Llama-3.1-8B | pingjia amx |"),
            std::string::npos);
  EXPECT_EQ(count(text, "<b>"), 0u);
  const auto little =
      kernel_markdown(*run.kernels, 600, [](std::string_view part) { return std::string(part); });
  EXPECT_LT(little.size(), 700u);
  EXPECT_NE(little.find("more shapes are in the report"), std::string::npos);
}

TEST(KernelCsv, HasALinePerRowAndNumber) {
  const auto run = fixture::kernels();
  const auto text = write_csv({run});
  EXPECT_EQ(count(text, "\r\n"), 1 + 3 * run.kernels->rows.size());
  EXPECT_EQ(count(text, "kernel_seconds"), run.kernels->rows.size());
  EXPECT_NE(text.find("kernels,blis,attention/prefill/bf16/Llama-3.1-8B/batch:1/head_width:128/"
                      "kv_heads:8/query_heads:32/query_length:128/cold,"),
            std::string::npos);
  EXPECT_NE(text.find("s,lower,,,,absent: libblis.so.4 is not installed"), std::string::npos);
}

TEST(KernelJson, IsTheFileItself) {
  const auto run = fixture::kernels();
  const auto json = nlohmann::json::parse(write_json({run})).at("runs").at(0);
  EXPECT_EQ(json.at("kernels"), harness::kernel_table_to_json(*run.kernels));
  EXPECT_FALSE(json.contains("summary"));
  auto both = fixture::demo(2);
  both.kernels = run.kernels;
  const auto beside = nlohmann::json::parse(write_json({both})).at("runs").at(0);
  EXPECT_TRUE(beside.contains("summary") && beside.contains("kernels"));
}

TEST(KernelJunit, FailsWhatIsRejectedOrWrongAndSkipsWhatIsAbsent) {
  const auto text = write_junit({fixture::kernels()});
  EXPECT_NE(text.find("failures=\"2\" errors=\"0\" skipped=\"3\""), std::string::npos) << text;
  EXPECT_EQ(count(text, "<skipped message=\"libblis.so.4"), 3u);
}

}  // namespace
}  // namespace pingjia::reports

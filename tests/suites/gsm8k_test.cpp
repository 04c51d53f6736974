#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/sha256.h"
#include "harness/spec/suite.h"
#include "suites/table.h"

namespace pingjia::suites {
namespace {

using Path = std::filesystem::path;

const Path kSuites = Path(PINGJIA_SOURCE_DIR) / "suites";
// The publisher's data is not ours to ship: it lies beside a developer's checkout, or where the
// variable that users set says.
Path data_folder() {
  const char* const named = std::getenv("PINGJIA_DATA");
  return named != nullptr ? Path(named) : Path(PINGJIA_SOURCE_DIR) / ".." / "shared" / "data";
}

// The suite over three rows of the training set, which lie here, and over the publisher's whole
// file.
class Gsm8k : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const bool rows = GetParam() == std::string("rows");
    const auto data = data_folder();
    if (!rows && !std::filesystem::exists(data / "gsm8k" / "test.jsonl")) {
      GTEST_SKIP() << "SKIPPED: gsm8k/test.jsonl is not in " << data;
    }
    if (rows) own_ = suite_over_rows();
    const std::vector<Path> folders = rows ? std::vector{own_} : std::vector{kSuites, data};
    suite_ = harness::load_suite("gsm8k", folders);
    const auto& protocol = harness::find_protocol(suite_, "zero-shot", "test");
    scorer_ = harness::find_row(scorers(), "scorer", protocol.scorer, "test")
                  .make(nlohmann::json::parse(protocol.scorer_options), "test");
  }
  void TearDown() override {
    if (!own_.empty()) std::filesystem::remove_all(own_);
  }

  // A folder with gsm8k.json as it is shipped, but for the file that it names.
  static Path suite_over_rows() {
    const Path rows = Path(PINGJIA_SOURCE_DIR) / "tests" / "suites" / "gsm8k" / "train_rows.jsonl";
    std::ifstream shipped(kSuites / "gsm8k.json");
    auto suite = nlohmann::json::parse(shipped, nullptr, true, true);
    suite["data"]["sha256"] = harness::sha256_file(rows);
    suite["data"]["count"] = 3;
    const auto folder = Path(testing::TempDir()) / ("gsm8k_test." + std::to_string(getpid()));
    const auto file = folder / suite["data"]["file"].get<std::string>();
    std::filesystem::create_directories(file.parent_path());
    std::filesystem::copy_file(rows, file, std::filesystem::copy_options::overwrite_existing);
    std::ofstream(folder / "gsm8k.json") << suite;
    return folder;
  }

  // What follows the last "#### " of a reference solution, without commas.
  static long final_number(const std::string& solution) {
    auto text = solution.substr(solution.rfind("#### ") + 5);
    std::erase(text, ',');
    return std::stol(text);
  }

  Path own_;
  harness::Suite suite_;
  std::unique_ptr<harness::Scorer> scorer_;
};

INSTANTIATE_TEST_SUITE_P(Over, Gsm8k, testing::Values("rows", "whole_file"),
                         [](const auto& instance) { return std::string(instance.param); });

TEST_P(Gsm8k, LoadsAllSamples) {
  if (GetParam() == std::string("rows")) {
    ASSERT_EQ(suite_.samples.size(), 3U);
    EXPECT_TRUE(suite_.samples[0].question.starts_with("Julie is reading a 120-p"));
    return;
  }
  ASSERT_EQ(suite_.samples.size(), 1319U);
  EXPECT_EQ(suite_.samples[0].id, "gsm8k-0");
  EXPECT_TRUE(suite_.samples[0].question.starts_with("Janet\u2019s ducks lay 16 eggs per day."));
  EXPECT_EQ(suite_.samples[1318].id, "gsm8k-1318");
}

TEST_P(Gsm8k, EveryReferenceSolutionIsRight) {
  for (const auto& sample : suite_.samples) {
    const auto grade = scorer_->grade({sample.gold, {}}, sample.gold);
    EXPECT_EQ(grade.verdict, harness::Verdict::kRight) << sample.id;
    EXPECT_EQ(grade.rule, "hashes") << sample.id;
    EXPECT_EQ(grade.extracted, std::to_string(final_number(sample.gold))) << sample.id;
  }
}

TEST_P(Gsm8k, EveryAnswerOffByOneIsWrong) {
  for (const auto& sample : suite_.samples) {
    const auto body = sample.gold.substr(0, sample.gold.rfind("####"));
    for (const long off : {-1L, 1L}) {
      const auto wrong = std::to_string(final_number(sample.gold) + off);
      for (const auto& answer :
           {body + "#### " + wrong, body + "The answer is " + wrong + ".", wrong}) {
        const auto grade = scorer_->grade({sample.gold, {}}, answer);
        EXPECT_EQ(grade.verdict, harness::Verdict::kWrong) << sample.id << ": " << answer;
      }
    }
  }
}

TEST_P(Gsm8k, ShotsAreTurnsAndGradeRight) {
  const auto& protocol = harness::find_protocol(suite_, "8-shot", "test");
  ASSERT_EQ(protocol.shots.size(), 8U);
  const auto request = harness::make_request(suite_, protocol, suite_.samples[0]);
  ASSERT_EQ(request.messages.size(), 17U);
  EXPECT_EQ(request.messages[1].role, "assistant");
  EXPECT_TRUE(request.messages[1].content.ends_with("\n#### 72"));
  EXPECT_EQ(request.messages[16].content, "Question: " + suite_.samples[0].question + "\nAnswer:");
  for (const auto& shot : protocol.shots) {
    EXPECT_EQ(scorer_->grade({shot.gold, {}}, shot.gold).verdict, harness::Verdict::kRight);
    EXPECT_EQ(shot.gold.find("<<"), std::string::npos) << shot.id;
  }
}

TEST(Gsm8kWithoutData, SaysWhereToPutIt) {
  const Path folders[] = {kSuites};
  try {
    harness::load_suite("gsm8k", folders);
    GTEST_SKIP() << "data lies beside the suites";
  } catch (const harness::Error& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("gsm8k/test.jsonl was not found"), std::string::npos) << message;
    EXPECT_NE(message.find("PINGJIA_DATA"), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace pingjia::suites

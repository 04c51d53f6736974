#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/error.h"
#include "harness/spec/suite.h"
#include "harness/spec/suite_file.h"
#include "suites/table.h"

namespace pingjia::suites {
namespace {

using Path = std::filesystem::path;

const Path kSuites = Path(PINGJIA_SOURCE_DIR) / "suites";

Path data_folder() {
  const char* const named = std::getenv("PINGJIA_DATA");
  if (named != nullptr && *named != '\0') return named;
  return Path(PINGJIA_SOURCE_DIR) / ".." / "shared" / "data";
}

TEST(PublishedSuites, NameTheirSourcesAndMakeTheirScorers) {
  const Path folders[] = {kSuites};
  std::set<std::string> with_score;
  for (const auto& name : harness::list_suites(folders)) {
    const auto suite = harness::describe_suite(name, folders);
    EXPECT_FALSE(suite.licence.empty()) << name;
    EXPECT_FALSE(suite.source.empty()) << name;
    std::set<std::string> protocols;
    for (const auto& protocol : suite.protocols) {
      protocols.insert(protocol.name);
      if (protocol.scorer.empty()) continue;
      harness::find_row(scorers(), "scorer", protocol.scorer, name)
          .make(nlohmann::json::parse(protocol.scorer_options), name + "/" + protocol.name);
    }
    for (const auto& score : suite.published) {
      EXPECT_TRUE(protocols.contains(score.protocol)) << name << ": " << score.protocol;
      EXPECT_FALSE(score.source.empty()) << name;
      with_score.insert(name);
    }
  }
  // All but AIME 2025, for which no figure with a source was at hand.
  EXPECT_EQ(with_score.size(), 13U);
}

TEST(PublishedSuites, WithholdWhatItsPublisherWantsUnshown) {
  const Path folders[] = {kSuites};
  EXPECT_TRUE(harness::describe_suite("gpqa-diamond", folders).withhold);
  EXPECT_FALSE(harness::describe_suite("mmlu", folders).withhold);
}

class Mmlu : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(data_folder() / "mmlu" / "mmlu.zip")) {
      GTEST_SKIP() << "mmlu/mmlu.zip is not in " << data_folder();
    }
  }
};

TEST_F(Mmlu, LoadsEverySampleOfTheZip) {
  const Path folders[] = {kSuites, data_folder()};
  const auto suite = harness::load_suite("mmlu", folders);
  EXPECT_EQ(suite.samples.size(), 14'042U);
  EXPECT_EQ(suite.shot_pool.size(), 285U);
  auto validation = harness::describe_data("mmlu", folders).parts.at(0);
  validation.member = "data/val/{subject}_val.csv";
  validation.count = 1'531;
  EXPECT_EQ(harness::read_external_data(validation, folders, "mmlu.json").samples.size(), 1'531U);
  std::map<std::string, int> subjects;
  std::map<std::string, int> letters;
  for (const auto& sample : suite.samples) {
    ++subjects[sample.subject];
    ++letters[sample.gold];
    EXPECT_EQ(sample.choices.size(), 4U) << sample.id;
  }
  EXPECT_EQ(subjects.size(), 57U);
  EXPECT_EQ(subjects["abstract_algebra"], 100);
  EXPECT_EQ(letters.size(), 4U);
}

TEST_F(Mmlu, AsksFiveShotsOfTheSubjectInItsText) {
  const Path folders[] = {kSuites, data_folder()};
  const auto suite = harness::load_suite("mmlu", folders);
  const auto& protocol = harness::find_protocol(suite, "lm-eval", "test");
  const auto request = harness::make_request(suite, protocol, suite.samples[0]);
  ASSERT_EQ(request.messages.size(), 1U);
  const auto& text = request.messages[0].content;
  EXPECT_TRUE(
      text.starts_with("The following are multiple choice questions (with answers) about "
                       "abstract algebra.\n\nFind all c in Z_3 such that"));
  EXPECT_TRUE(text.ends_with("\nA. 0\nB. 4\nC. 2\nD. 6\nAnswer:"));
  EXPECT_NE(text.find("Answer: B\n\n"), std::string::npos);
  EXPECT_EQ(request.continuations, (std::vector<std::string>{" A", " B", " C", " D"}));
  std::size_t shots = 0;
  for (auto at = text.find("\nAnswer: "); at != std::string::npos;
       at = text.find("\nAnswer: ", at + 1)) {
    ++shots;
  }
  EXPECT_EQ(shots, 5U);
}

}  // namespace
}  // namespace pingjia::suites

#include "reports/html/sample_texts.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "tests/reports/fixture.h"

namespace pingjia::reports {
namespace {

using nlohmann::json;

TEST(TextLimit, CutsNothingThatFits) {
  EXPECT_EQ(text_limit({}, 10, 100), 100U);
  EXPECT_EQ(text_limit({10, 20, 30}, 60, 100), 100U);
  EXPECT_EQ(text_limit({10, 20, 300}, 1'000, 100), 100U);
}

TEST(TextLimit, ShortTextsLeaveTheirShareToLongOnes) {
  // 10 and 20 stay whole; 70 are left for the two long ones.
  EXPECT_EQ(text_limit({500, 10, 20, 900}, 100, 1'000), 35U);
  EXPECT_EQ(text_limit({500, 500}, 0, 1'000), 0U);
}

TEST(SplitThinking, PartsTheThoughtFromTheAnswer) {
  const auto [thought, text] = split_thinking("<think>2 and 2</think>4");
  EXPECT_EQ(thought, "<think>2 and 2</think>");
  EXPECT_EQ(text, "4");
  EXPECT_EQ(split_thinking("no tags").first, "");
  EXPECT_EQ(split_thinking("a < b").second, "a < b");
  // Thought until the budget was gone: no answer.
  EXPECT_EQ(split_thinking("<think>and so on").first, "<think>and so on");
  // A thought in the middle stays where it is.
  EXPECT_EQ(split_thinking("4<think>sure?</think>5").first, "");
}

class QuestionTexts : public testing::Test {
 protected:
  json question() {
    all_ = contestants(runs_);
    suites_ = group_answers(all_);
    std::string out;
    append_question(out, suites_[0].questions[0], suites_[0].shared, limit_, cut_);
    return json::parse(out);
  }
  std::vector<harness::RunView> runs_{fixture::demo(3)};
  std::vector<Contestant> all_;
  std::vector<SuiteAnswers> suites_;
  std::size_t limit_ = 1'000;
  TextCut cut_;
};

TEST_F(QuestionTexts, HoldsPromptGoldAndEveryAnswer) {
  const json one = question();
  EXPECT_EQ(one["m"], json({json({"user", "100+7=", 0})}));
  EXPECT_EQ(one["g"], "107");
  ASSERT_EQ(one["a"].size(), 3U);
  EXPECT_EQ(one["a"][0]["t"], runs_[0].samples[0].record.completion.text);
  EXPECT_EQ(one["a"][0]["x"], runs_[0].samples[0].extracted);
  EXPECT_FALSE(one["a"][0].contains("m"));
  EXPECT_FALSE(one["a"][0].contains("tc"));
  EXPECT_EQ(cut_.texts, 0U);
}

TEST_F(QuestionTexts, SaysHowMuchOfALongTextIsCut) {
  limit_ = 10;
  runs_[0].samples[0].record.completion.text = std::string(25, 'y');
  runs_[0].samples[0].record.completion.reasoning = std::string(30, 'z');
  const json answer = question()["a"][0];
  EXPECT_EQ(answer["t"], std::string(10, 'y'));
  EXPECT_EQ(answer["tc"], 15);
  EXPECT_EQ(answer["k"], std::string(10, 'z'));
  EXPECT_EQ(answer["kc"], 20);
  EXPECT_EQ(cut_.texts, 2U);
  EXPECT_EQ(cut_.bytes, 35U);
}

TEST_F(QuestionTexts, AnAnswerToAnotherPromptBringsItsOwn) {
  auto& samples = runs_[0].samples;
  for (auto& sample : samples) {
    if (sample.record.key.system == "moe") sample.record.request.messages.back().content += " ?";
  }
  const json one = question();
  EXPECT_EQ(one["a"][1]["m"], json({json({"user", "100+7= ?", 0})}));
  EXPECT_FALSE(one["a"][2].contains("m"));
}

TEST_F(QuestionTexts, ShowsWhatCannotBeSeen) {
  runs_[0].samples[0].record.completion.text = "a\x1b[2J\xE2\x80\xAE b\xFF\n\x0C";
  EXPECT_EQ(question()["a"][0]["t"], "a␛[2J⟨U+202E⟩ b\xEF\xBF\xBD\n␌");
}

TEST_F(QuestionTexts, ScoresStandBesideTheirContinuations) {
  auto& record = runs_[0].samples[0].record;
  record.request.continuations = {"yes", "no"};
  record.completion.scores = {{-1.5, 1, 3, true},
                              {-std::numeric_limits<double>::infinity(), 1, 2, false}};
  EXPECT_EQ(question()["a"][0]["s"], json::parse(R"([["yes", -1.5], ["no", null]])"));
}

}  // namespace
}  // namespace pingjia::reports

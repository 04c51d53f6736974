#include "reports/html/answers.h"

#include <gtest/gtest.h>

#include "tests/reports/fixture.h"

namespace pingjia::reports {
namespace {

TEST(Answers, GroupsSystemsUnderTheirQuestion) {
  const std::vector<harness::RunView> runs{fixture::demo(7)};
  const auto all = contestants(runs);
  const auto suites = group_answers(all);
  ASSERT_EQ(suites.size(), 4U);
  ASSERT_EQ(suites[0].questions.size(), 7U);
  ASSERT_EQ(suites[0].questions[3].answers.size(), 3U);
  EXPECT_EQ(suites[0].questions[3].id, "a0003");
  EXPECT_EQ(suites[0].questions[3].answers[2].who->label, "dense-api");
}

TEST(Answers, FindsTheMessagesThatAllRequestsShare) {
  const std::vector<harness::RunView> runs{fixture::demo(7)};
  const auto all = contestants(runs);
  EXPECT_EQ(group_answers(all)[0].shared, 3U);
}

TEST(Answers, RepeatsAreQuestionsOfTheirOwn) {
  std::vector<harness::RunView> runs{fixture::demo(1)};
  auto again = runs[0].samples[0];
  again.record.key.repeat = 1;
  runs[0].samples.push_back(again);
  const auto all = contestants(runs);
  const auto suites = group_answers(all);
  ASSERT_EQ(suites[0].questions.size(), 2U);
  EXPECT_EQ(suites[0].questions[1].id, "a0000 #2");
}

}  // namespace
}  // namespace pingjia::reports

#pragma once

#include <string>
#include <vector>

#include "harness/summary/report.h"
#include "reports/contest.h"

namespace pingjia::reports {

/// All answers to one sample of a suite, in the order of the contestants.
struct Answered {
  const harness::SampleView* sample = nullptr;
  const Contestant* who = nullptr;
};
struct QuestionView {
  std::string id;  ///< With "#2" for the second repeat.
  std::vector<Answered> answers;
};
struct SuiteAnswers {
  std::string suite;
  std::size_t shared = 0;  ///< Leading messages that every request of the suite starts with.
  std::vector<QuestionView> questions;
};

/// The samples of all runs by suite and question, in journal order.
std::vector<SuiteAnswers> group_answers(const std::vector<Contestant>& contestants);

}  // namespace pingjia::reports

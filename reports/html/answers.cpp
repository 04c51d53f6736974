#include "reports/html/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

namespace pingjia::reports {

using harness::Message;
using harness::SampleView;

namespace {

bool same(const Message& a, const Message& b) {
  return a.role == b.role && a.content == b.content;
}

// At least the last message is the question's own.
std::size_t shared_messages(const std::vector<QuestionView>& questions) {
  const auto& first = questions.front().answers.front().sample->record.request.messages;
  std::size_t shared = first.empty() ? 0 : first.size() - 1;
  for (const auto& question : questions) {
    for (const auto& answer : question.answers) {
      const auto& messages = answer.sample->record.request.messages;
      shared = std::min(shared, messages.empty() ? 0 : messages.size() - 1);
      for (std::size_t i = 0; i < shared; ++i) {
        if (!same(messages[i], first[i])) shared = i;
      }
    }
  }
  return shared;
}

std::string question_id(const SampleView& sample) {
  const auto& key = sample.record.key;
  return key.repeat == 0 ? key.sample : fmt::format("{} #{}", key.sample, key.repeat + 1);
}

// Finds or adds by name; keeps the order of arrival.
struct Index {
  std::unordered_map<std::string, std::size_t> suites;
  std::vector<std::unordered_map<std::string, std::size_t>> questions;
};

QuestionView& place(std::vector<SuiteAnswers>& list, Index& index, const SampleView& sample) {
  const auto [suite, new_suite] = index.suites.try_emplace(sample.record.key.suite, list.size());
  if (new_suite) {
    list.push_back({sample.record.key.suite, 0, {}});
    index.questions.emplace_back();
  }
  SuiteAnswers& answers = list[suite->second];
  auto& known = index.questions[suite->second];
  const std::string id = question_id(sample);
  const auto [question, is_new] = known.try_emplace(id, answers.questions.size());
  if (is_new) answers.questions.push_back({id, {}});
  return answers.questions[question->second];
}

}  // namespace

std::vector<SuiteAnswers> group_answers(const std::vector<Contestant>& contestants) {
  std::map<std::pair<const harness::RunView*, std::string>, const Contestant*> who;
  std::vector<const harness::RunView*> runs;
  for (const auto& one : contestants) {
    who[{one.run, one.system}] = &one;
    if (std::find(runs.begin(), runs.end(), one.run) == runs.end()) runs.push_back(one.run);
  }
  std::vector<SuiteAnswers> list;
  Index index;
  for (const auto* run : runs) {
    for (const auto& sample : run->samples) {
      const auto found = who.find({run, sample.record.key.system});
      if (found == who.end()) continue;
      place(list, index, sample).answers.push_back({&sample, found->second});
    }
  }
  for (auto& suite : list) {
    suite.shared = shared_messages(suite.questions);
    for (auto& question : suite.questions) {
      std::stable_sort(
          question.answers.begin(), question.answers.end(),
          [](const Answered& a, const Answered& b) { return a.who->series < b.who->series; });
    }
  }
  return list;
}

}  // namespace pingjia::reports

#include "harness/commands/earlier_sessions.h"

#include <algorithm>
#include <optional>
#include <variant>

#include "harness/money/running_cost.h"
#include "harness/record/journal.h"

namespace pingjia::harness {

namespace {

AskedQuestion question_of(const RecordKey& key) {
  return {key.system, key.suite, key.sample, key.repeat};
}

// An answer, or a failure that asking again would only repeat.
bool is_settled(const Record& record) {
  const auto& failure = record.completion.failure;
  return record.last_attempt && !(failure && is_worth_asking_again(failure->kind));
}

// What the attempts cost, as the sessions themselves counted it.
Money spent_on(const std::vector<Record>& records, const Campaign& campaign,
               const WallClocks& clocks) {
  std::map<std::tuple<int, std::string, std::string>, RunningCost> parts;
  for (const auto& record : records) {
    for (std::size_t i = 0; i < campaign.spec.systems.size(); ++i) {
      if (campaign.spec.systems[i].name != record.key.system) continue;
      const std::tuple part(record.session, record.key.system, record.key.suite);
      const auto clock = clocks.find(record.session);
      std::optional<UnixSeconds> sent_at;
      if (clock != clocks.end()) sent_at = clock->second.at(record.completion.timeline.sent);
      parts.try_emplace(part, campaign.pricing[i]).first->second.add(record, sent_at);
    }
  }
  Money spent;
  for (const auto& part : parts) spent = spent + part.second.total();
  return spent;
}

}  // namespace

EarlierSessions read_earlier_sessions(const RunDirectory& directory, const Campaign& campaign,
                                      const WallClocks& clocks) {
  EarlierSessions earlier;
  const auto records = read_journal(directory.records()).records;
  for (const auto& record : records) {
    const auto question = question_of(record.key);
    auto& next = earlier.next_attempt[question];
    next = std::max(next, record.key.attempt + 1);
    if (is_settled(record)) earlier.answered.insert(question);
    earlier.session = std::max(earlier.session, record.session + 1);
    earlier.any = true;
  }
  earlier.spent = spent_on(records, campaign, clocks);
  return earlier;
}

void start_at_once(Plan& plan) {
  if (plan.requests.empty() || !plan.requests.front().due) return;
  const Nanos first = *plan.requests.front().due;
  for (auto& planned : plan.requests) *planned.due -= first;
}

void drop_answered(Plan& plan, const EarlierSessions& earlier) {
  std::erase_if(plan.requests, [&earlier](const PlannedRequest& planned) {
    return earlier.answered.contains(question_of(planned.key));
  });
  for (auto& planned : plan.requests) {
    const auto found = earlier.next_attempt.find(question_of(planned.key));
    if (found != earlier.next_attempt.end()) planned.key.attempt = found->second;
  }
  start_at_once(plan);
}

}  // namespace pingjia::harness

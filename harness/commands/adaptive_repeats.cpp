#include "harness/commands/adaptive_repeats.h"

#include "harness/commands/stages.h"
#include "harness/score/score.h"
#include "harness/summary/row_facts.h"

namespace pingjia::harness {

AdaptiveRepeats::AdaptiveRepeats(const World& world, const CampaignSuite& suite)
    : suite_(suite), scorer_(make_scorer(world, suite.protocol, "suite " + suite.key)) {
  for (const auto& sample : suite.suite.samples) samples_.emplace(sample.id, &sample);
}

void AdaptiveRepeats::add(const Record& record) {
  if (record.last_attempt && record.key.suite == suite_.key) pending_.push_back(record);
}

void AdaptiveRepeats::mark_pending() {
  for (const auto& record : pending_) {
    const auto sample = samples_.find(record.key.sample);
    if (sample == samples_.end()) continue;
    const Sample asked = as_asked(suite_.protocol, *sample->second, record.key.repeat);
    const auto score = score_record(record, asked, suite_.protocol, *scorer_);
    if (!score || !is_marked(score->outcome)) continue;
    auto& item = items_[record.key.sample];
    ++item.n;
    if (score->outcome == outcome::kRight) ++item.right;
  }
  pending_.clear();
}

double AdaptiveRepeats::half_width() {
  mark_pending();
  std::vector<RepeatedItem> items;
  for (const auto& [sample, item] : items_) items.push_back(item);
  return repeat_half_width(items);
}

bool AdaptiveRepeats::enough(int repeat) {
  return repeat + 1 >= kLeast && half_width() <= *suite_.spec.half_width;
}

}  // namespace pingjia::harness

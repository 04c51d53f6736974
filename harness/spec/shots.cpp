#include <algorithm>
#include <numeric>

#include "harness/base/rng.h"
#include "harness/spec/suite.h"

namespace pingjia::harness {

namespace {

// Of shots and orders of choices: fixed, so that a protocol asks every run the same.
constexpr std::uint64_t kSeed = 0;

bool fits(const Sample& shot, const ShotRule& rule, const Sample& sample) {
  if (rule.same_subject && shot.subject != sample.subject) return false;
  return shot.question != sample.question || shot.choices != sample.choices;
}

}  // namespace

Sample as_asked(const Protocol& protocol, const Sample& sample, int repeat) {
  if (!protocol.shuffle_choices || sample.choices.size() < 2) return sample;
  std::vector<std::size_t> order(sample.choices.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Rng(kSeed, "choices/" + sample.id + "/" + std::to_string(repeat)).shuffle(order);
  Sample asked = sample;
  for (std::size_t i = 0; i < order.size(); ++i) {
    asked.choices[i] = sample.choices[order[i]];
    if (choice_letter(order[i]) == sample.gold) asked.gold = choice_letter(i);
  }
  return asked;
}

std::vector<const Sample*> shots_of(const Suite& suite, const Protocol& protocol,
                                    const Sample& sample) {
  std::vector<const Sample*> shots;
  for (const auto& shot : protocol.shots) shots.push_back(&shot);
  const ShotRule& rule = protocol.pool;
  const std::size_t wanted = shots.size() + rule.count;
  if (!rule.random) {
    for (const auto& shot : suite.shot_pool) {
      if (shots.size() == wanted) break;
      if (fits(shot, rule, sample)) shots.push_back(&shot);
    }
    return shots;
  }
  std::vector<const Sample*> candidates;
  for (const auto& shot : suite.shot_pool) {
    if (fits(shot, rule, sample)) candidates.push_back(&shot);
  }
  Rng rng(kSeed, "shots/" + sample.id);
  // The first steps of Fisher–Yates.
  for (std::size_t i = 0; i < candidates.size() && shots.size() < wanted; ++i) {
    std::swap(candidates[i], candidates[i + rng.below(candidates.size() - i)]);
    shots.push_back(candidates[i]);
  }
  return shots;
}

}  // namespace pingjia::harness

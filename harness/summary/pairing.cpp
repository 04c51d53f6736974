#include "harness/summary/pairing.h"

#include <algorithm>

#include "harness/base/error.h"

namespace pingjia::harness {

namespace {

void add_tokens(const Record& record, Answer& answer) {
  const Usage& usage = record.completion.usage;
  const auto input = usage.total_input();
  auto output = usage.total_output();
  if (record.request.mode == Mode::kLoglikelihood && !output) output = 0;
  if (input && output) {
    answer.tokens += *input + *output;
  } else if (!record.completion.failure) {
    answer.tokens_known = false;
  }
}

}  // namespace

Side side_of(const ComparedSystem& compared) {
  const auto& systems = compared.run->systems;
  const auto system = std::find_if(systems.begin(), systems.end(), [&](const auto& candidate) {
    return candidate.name == compared.system;
  });
  if (system == systems.end()) {
    throw Error(compared.run->run, "has no system '" + compared.system + "'",
                "name one that it ran");
  }
  Side side;
  side.attempts = gather_attempts(*system, *compared.run);
  for (const auto& attempt : side.attempts) {
    const RecordKey& key = attempt.record->key;
    Answer& answer = side.answers[{key.suite, key.sample, key.repeat}];
    answer.cost += attempt.cost.total();
    answer.cost_known = answer.cost_known && attempt.cost.known();
    add_tokens(*attempt.record, answer);
    if (attempt.score != nullptr) answer.last = &attempt;
  }
  return side;
}

Pairs pair_up(const Side& a, const Side& b,
              const std::function<bool(const std::string&)>& belongs) {
  Pairs result;
  std::int64_t met = 0;
  for (const auto& [key, answer] : a.answers) {
    if (!belongs(std::get<0>(key)) || !answer.marked()) continue;
    const auto other = b.answers.find(key);
    if (other == b.answers.end() || !other->second.marked()) {
      ++result.unpaired;
      continue;
    }
    ++met;
    if (!same_prompt(answer.last->record->request, other->second.last->record->request)) {
      result.otherwise.push_back({&answer, &other->second});
      continue;
    }
    result.pairs.push_back({&answer, &other->second});
  }
  const auto marked_b = std::count_if(b.answers.begin(), b.answers.end(), [&](const auto& entry) {
    return belongs(std::get<0>(entry.first)) && entry.second.marked();
  });
  result.unpaired += marked_b - met;
  std::stable_sort(result.pairs.begin(), result.pairs.end(),
                   [](const Pair& x, const Pair& y) { return x.a->last->unit < y.a->last->unit; });
  for (std::size_t i = 1; i < result.pairs.size(); ++i) {
    if (result.pairs[i].a->last->unit == result.pairs[i - 1].a->last->unit) result.clustered = true;
  }
  return result;
}

bool same_prompt(const Request& a, const Request& b) {
  return a.mode == b.mode && a.continuations == b.continuations &&
         std::equal(a.messages.begin(), a.messages.end(), b.messages.begin(), b.messages.end(),
                    [](const Message& x, const Message& y) {
                      return x.role == y.role && x.content == y.content;
                    });
}

PairedCounts counts_of(const Pairs& pairs) {
  PairedCounts counts;
  for (const auto& [a, b] : pairs.pairs) {
    if (a->right()) {
      ++(b->right() ? counts.both_right : counts.only_a);
    } else {
      ++(b->right() ? counts.only_b : counts.both_wrong);
    }
  }
  return counts;
}

PairedMarks marks_of(const Pairs& pairs) {
  PairedMarks marks;
  for (const auto& [a, b] : pairs.pairs) {
    marks.a.push_back(a->right() ? 1 : 0);
    marks.b.push_back(b->right() ? 1 : 0);
    marks.units.push_back(static_cast<std::int64_t>(a->last->unit));
  }
  return marks;
}

UnitSums sum_by_unit(const Pairs& pairs, const std::function<bool(const Pair&)>& takes) {
  UnitSums sums;
  std::uint64_t unit = 0;
  for (const auto& pair : pairs.pairs) {
    if (!takes(pair)) continue;
    const auto& [a, b] = pair;
    if (sums.cost_a.empty() || a->last->unit != unit) {
      for (auto* column : {&sums.cost_a, &sums.tokens_a, &sums.right_a, &sums.cost_b,
                           &sums.tokens_b, &sums.right_b}) {
        column->push_back(0);
      }
      unit = a->last->unit;
    }
    sums.cost_a.back() += a->cost.usd();
    sums.cost_b.back() += b->cost.usd();
    sums.tokens_a.back() += static_cast<double>(a->tokens);
    sums.tokens_b.back() += static_cast<double>(b->tokens);
    sums.right_a.back() += a->right() ? 1 : 0;
    sums.right_b.back() += b->right() ? 1 : 0;
  }
  return sums;
}

}  // namespace pingjia::harness

#include "harness/summary/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "harness/base/error.h"
#include "harness/stats/bootstrap.h"
#include "harness/stats/paired.h"
#include "harness/summary/row_facts.h"

namespace pingjia::harness {

namespace {

/// One question under one protocol, asked once.
using QuestionKey = std::tuple<std::string, std::string, int>;  // suite, sample, repeat

/// One side's answer to it, and what all its attempts cost.
struct Answer {
  const AttemptFacts* last = nullptr;  // The attempt that was scored.
  Money cost;
  bool cost_known = true;

  bool marked() const { return last != nullptr && is_marked(last->score->outcome); }
  bool right() const { return last->score->outcome == outcome::kRight; }
};

using Answers = std::map<QuestionKey, Answer>;

struct Side {
  std::vector<AttemptFacts> attempts;
  Answers answers;
};

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
    if (attempt.score != nullptr) answer.last = &attempt;
  }
  return side;
}

bool same_prompt(const Request& a, const Request& b) {
  return a.mode == b.mode && a.continuations == b.continuations &&
         std::equal(a.messages.begin(), a.messages.end(), b.messages.begin(), b.messages.end(),
                    [](const Message& x, const Message& y) {
                      return x.role == y.role && x.content == y.content;
                    });
}

struct Pair {
  const Answer* a;
  const Answer* b;
};

struct Pairs {
  std::vector<Pair> otherwise;  // Asked in other words: for the list of flips alone.
  std::vector<Pair> pairs;      // Sorted by unit, so that no journal's order moves a rounding.
  bool clustered = false;
};

// Pairs of one suite, or of all ("*"); counts in `row` what is left out.
Pairs pair_up(const Side& a, const Side& b, ComparisonRow& row) {
  const auto belongs = [&](const QuestionKey& key) {
    return row.suite == "*" || std::get<0>(key) == row.suite;
  };
  Pairs result;
  std::int64_t met = 0;
  for (const auto& [key, answer] : a.answers) {
    if (!belongs(key) || !answer.marked()) continue;
    const auto other = b.answers.find(key);
    if (other == b.answers.end() || !other->second.marked()) {
      ++row.unpaired;
      continue;
    }
    ++met;
    if (!same_prompt(answer.last->record->request, other->second.last->record->request)) {
      ++row.other_prompt;
      result.otherwise.push_back({&answer, &other->second});
      continue;
    }
    result.pairs.push_back({&answer, &other->second});
  }
  const auto marked_b = std::count_if(b.answers.begin(), b.answers.end(), [&](const auto& entry) {
    return belongs(entry.first) && entry.second.marked();
  });
  row.unpaired += marked_b - met;
  std::stable_sort(result.pairs.begin(), result.pairs.end(),
                   [](const Pair& x, const Pair& y) { return x.a->last->unit < y.a->last->unit; });
  for (std::size_t i = 1; i < result.pairs.size(); ++i) {
    if (result.pairs[i].a->last->unit == result.pairs[i - 1].a->last->unit) result.clustered = true;
  }
  return result;
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

void compare_clustered(const Pairs& pairs, ComparisonRow& row) {
  std::vector<double> a;
  std::vector<double> b;
  std::vector<std::int64_t> clusters;
  for (const auto& pair : pairs.pairs) {
    a.push_back(pair.a->right() ? 1 : 0);
    b.push_back(pair.b->right() ? 1 : 0);
    clusters.push_back(static_cast<std::int64_t>(pair.a->last->unit));
  }
  row.method = "paired t 95 %, standard error clustered by sample; no McNemar test with clusters";
  if (clusters.front() == clusters.back()) {
    row.method += "; one cluster: no interval";
    return;
  }
  const PairedDifference result = paired_difference(a, b, clusters);
  row.interval = result.interval;
  if (result.standard_error > 0) {
    row.minimum_detectable = minimum_detectable_effect(result.standard_error);
  }
}

void compare_accuracy(const Pairs& pairs, ComparisonRow& row) {
  const PairedCounts counts = counts_of(pairs);
  row.paired = counts.total();
  row.only_a = counts.only_a;
  row.only_b = counts.only_b;
  if (row.paired == 0) {
    row.method = "nothing paired";
    return;
  }
  const auto n = static_cast<double>(row.paired);
  row.accuracy_a = static_cast<double>(counts.both_right + counts.only_a) / n;
  row.accuracy_b = static_cast<double>(counts.both_right + counts.only_b) / n;
  row.difference = static_cast<double>(counts.only_a - counts.only_b) / n;
  if (pairs.clustered) {
    compare_clustered(pairs, row);
    return;
  }
  row.interval = newcombe_paired(counts);
  row.p_value = mcnemar_exact(counts);
  row.minimum_detectable = minimum_detectable_effect(paired_standard_error(counts));
  row.method =
      "Newcombe's paired interval 95 %, McNemar's exact test, detectable at 5 % with power 80 %";
}

void compare_cost(const Pairs& pairs, const std::string& stream, std::uint64_t seed,
                  ComparisonRow& row) {
  std::vector<double> cost_a, right_a, cost_b, right_b;
  std::uint64_t unit = 0;
  bool any_right_a = false;
  bool any_right_b = false;
  for (const auto& [a, b] : pairs.pairs) {
    if (!a->cost_known || !b->cost_known) return;
    if (cost_a.empty() || a->last->unit != unit) {
      for (auto* column : {&cost_a, &right_a, &cost_b, &right_b}) column->push_back(0);
      unit = a->last->unit;
    }
    cost_a.back() += a->cost.usd();
    cost_b.back() += b->cost.usd();
    right_a.back() += a->right() ? 1 : 0;
    right_b.back() += b->right() ? 1 : 0;
    any_right_a = any_right_a || a->right();
    any_right_b = any_right_b || b->right();
  }
  if (!any_right_a || !any_right_b) return;
  BootstrapOptions options;
  options.seed = seed;
  options.stream = stream;
  const Bootstrap result = bootstrap_ratio_of_ratios({cost_a, right_a, cost_b, right_b}, options);
  if (!std::isfinite(result.estimate)) return;  // b costs nothing.
  row.cost_ratio = result.estimate;
  row.cost_ratio_interval = result.interval;
}

bool same_answer(const Completion& a, const Completion& b) {
  return a.text == b.text && a.reasoning == b.reasoning &&
         std::equal(a.scores.begin(), a.scores.end(), b.scores.begin(), b.scores.end(),
                    [](const ContinuationScore& x, const ContinuationScore& y) {
                      return x.loglikelihood == y.loglikelihood;
                    });
}

Flip flip_of(const AttemptFacts& a, const AttemptFacts& b) {
  const RecordKey& key = a.record->key;
  return {key.suite,
          key.sample,
          key.repeat,
          a.score->outcome,
          b.score->outcome,
          !same_prompt(a.record->request, b.record->request),
          !same_answer(a.record->completion, b.record->completion),
          a.score->scorer != b.score->scorer || a.score->scorer_version != b.score->scorer_version};
}

void list_flips(const Pairs& pairs, ComparisonRow& row) {
  for (const auto* list : {&pairs.pairs, &pairs.otherwise}) {
    for (const auto& [a, b] : *list) {
      if (a->right() != b->right()) row.flips.push_back(flip_of(*a->last, *b->last));
    }
  }
  std::sort(row.flips.begin(), row.flips.end(), [](const Flip& x, const Flip& y) {
    return std::tie(x.suite, x.sample, x.repeat) < std::tie(y.suite, y.sample, y.repeat);
  });
}

ComparisonRow compare_suite(const std::string& suite, const Side& a, const Side& b,
                            std::uint64_t seed) {
  ComparisonRow row;
  row.suite = suite;
  const Pairs pairs = pair_up(a, b, row);
  compare_accuracy(pairs, row);
  compare_cost(pairs, "compare/" + suite, seed, row);
  // The row of everything would only repeat them.
  if (suite != "*") list_flips(pairs, row);
  return row;
}

std::vector<std::string> suites_of(const SummaryInput& a, const SummaryInput& b) {
  std::vector<std::string> suites;
  for (const auto* run : {&a, &b}) {
    for (const auto& suite : run->suites) {
      if (std::find(suites.begin(), suites.end(), suite) == suites.end()) suites.push_back(suite);
    }
  }
  return suites;
}

void note_left_out(const ComparisonRow& all, Comparison& comparison) {
  if (all.unpaired > 0) {
    comparison.notes.push_back(
        fmt::format("{} answers have no marked counterpart and are left out", all.unpaired));
  }
  if (all.other_prompt > 0) {
    comparison.notes.push_back(fmt::format(
        "{} questions were put in other words to each side and are left out", all.other_prompt));
  }
}

}  // namespace

std::string_view Flip::why() const {
  if (prompt_changed) return "prompt";
  if (text_changed) return "text";
  return grader_changed ? "grader" : "gold or options";
}

Comparison compare(const ComparedSystem& a, const ComparedSystem& b) {
  const Side side_a = side_of(a);
  const Side side_b = side_of(b);
  Comparison comparison{a.label, b.label, {}, {}};
  for (const auto& suite : suites_of(*a.run, *b.run)) {
    ComparisonRow row = compare_suite(suite, side_a, side_b, a.run->seed);
    if (row.paired + row.unpaired + row.other_prompt > 0) comparison.rows.push_back(std::move(row));
  }
  comparison.rows.push_back(compare_suite("*", side_a, side_b, a.run->seed));
  const ComparisonRow& all = comparison.rows.back();
  if (all.paired == 0) {
    throw Error(a.label + " and " + b.label, "have no question with marks on both sides",
                "compare runs of the same suites, protocols and prompts");
  }
  note_left_out(all, comparison);
  return comparison;
}

}  // namespace pingjia::harness

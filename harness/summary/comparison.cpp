#include "harness/summary/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "harness/base/error.h"
#include "harness/stats/bootstrap.h"
#include "harness/stats/paired.h"
#include "harness/summary/pairing.h"

namespace pingjia::harness {

namespace {

// Sets the counts of what is left out.
Pairs pair_suite(const Side& a, const Side& b, ComparisonRow& row) {
  Pairs pairs = pair_up(
      a, b, [&](const std::string& suite) { return row.suite == "*" || suite == row.suite; });
  row.unpaired = pairs.unpaired;
  row.other_prompt = std::ssize(pairs.otherwise);
  return pairs;
}

void compare_clustered(const Pairs& pairs, ComparisonRow& row) {
  const PairedMarks marks = marks_of(pairs);
  row.method = "paired t 95 %, standard error clustered by sample; no McNemar test with clusters";
  if (marks.units.front() == marks.units.back()) {
    row.method += "; one cluster: no interval";
    return;
  }
  const PairedDifference result = paired_difference(marks.a, marks.b, marks.units);
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
  const auto known = [](const Pair& pair) { return pair.a->cost_known && pair.b->cost_known; };
  if (pairs.pairs.empty() || !std::all_of(pairs.pairs.begin(), pairs.pairs.end(), known)) return;
  const UnitSums sums = sum_by_unit(pairs, known);
  BootstrapOptions options;
  options.seed = seed;
  options.stream = stream;
  const Bootstrap result =
      bootstrap_ratio_of_ratios({sums.cost_a, sums.right_a, sums.cost_b, sums.right_b}, options);
  if (!result.defined()) return;  // b costs nothing, or too little is right.
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

ComparisonRow compare_sides(const std::string& suite, const Side& a, const Side& b,
                            std::uint64_t seed) {
  ComparisonRow row;
  row.suite = suite;
  const Pairs pairs = pair_suite(a, b, row);
  compare_accuracy(pairs, row);
  compare_cost(pairs, "compare/" + suite, seed, row);
  // The row of everything would only repeat them.
  if (suite != "*") list_flips(pairs, row);
  return row;
}

Comparison compare(const ComparedSystem& a, const ComparedSystem& b) {
  const Side side_a = side_of(a);
  const Side side_b = side_of(b);
  Comparison comparison{a.label, b.label, {}, {}};
  for (const auto& suite : suites_of(*a.run, *b.run)) {
    ComparisonRow row = compare_sides(suite, side_a, side_b, a.run->seed);
    if (row.paired + row.unpaired + row.other_prompt > 0) comparison.rows.push_back(std::move(row));
  }
  comparison.rows.push_back(compare_sides("*", side_a, side_b, a.run->seed));
  const ComparisonRow& all = comparison.rows.back();
  if (all.paired == 0) {
    throw Error(a.label + " and " + b.label, "have no question with marks on both sides",
                "compare runs of the same suites, protocols and prompts");
  }
  note_left_out(all, comparison);
  return comparison;
}

}  // namespace pingjia::harness

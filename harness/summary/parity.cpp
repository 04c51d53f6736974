#include "harness/summary/parity.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/stats/bootstrap.h"
#include "harness/stats/multiplicity.h"
#include "harness/stats/noninferiority.h"
#include "harness/stats/sample_size.h"

namespace pingjia::harness {

namespace {

// Two one-sided claims about one model, before Holm's correction.
struct Judged {
  ParityRow row;
  MarginTest test;
};

bool one_unit(const Pairs& pairs) {
  return pairs.pairs.front().a->last->unit == pairs.pairs.back().a->last->unit;
}

// Why the pairs say too little; empty where they do not.
std::string refusal(const Pairs& pairs) {
  const auto n = static_cast<std::int64_t>(pairs.pairs.size());
  const auto otherwise = std::ssize(pairs.otherwise);
  if (n == 0 && otherwise > 0) {
    return fmt::format("all {} common questions were put in other words to each side", otherwise);
  }
  if (n == 0) return "no question is marked on both sides";
  if (otherwise > n) {
    return fmt::format("{} of {} common questions were put in other words to each side", otherwise,
                       otherwise + n);
  }
  if (pairs.clustered && one_unit(pairs)) return "all questions are of one cluster";
  return "";
}

MarginTest margin_test(const Pairs& pairs, const ParityOptions& options) {
  if (!pairs.clustered) return test_margin(counts_of(pairs), options.margin, options.confidence);
  const PairedMarks marks = marks_of(pairs);
  return test_margin_clustered(marks.a, marks.b, marks.units, options.margin, options.confidence);
}

// The ratio of two amounts over the pairs that have both; the rest may be few.
template <class Known, class Columns>
CostRatio cost_ratio(const Pairs& pairs, Known known, Columns columns, const std::string& nothing,
                     const BootstrapOptions& options) {
  const auto known_pair = [&](const Pair& pair) { return known(*pair.a) && known(*pair.b); };
  const auto n = static_cast<double>(pairs.pairs.size());
  const auto unknown = static_cast<double>(std::count_if(
      pairs.pairs.begin(), pairs.pairs.end(), [&](const Pair& pair) { return !known_pair(pair); }));
  if (unknown > kMostUnpriced * n) {
    return {{},
            {},
            fmt::format("{:.0f} of {:.0f} questions have no known cost on both sides", unknown, n)};
  }
  const UnitSums sums = sum_by_unit(pairs, known_pair);
  const Bootstrap result = bootstrap_ratio_of_ratios(columns(sums), options);
  if (!result.defined()) return {{}, {}, nothing};
  return {result.estimate, result.interval, ""};
}

void compare_costs(const Pairs& pairs, std::uint64_t seed, ParityRow& row) {
  BootstrapOptions options;
  options.seed = seed;
  options.stream = "parity/" + row.model + "/per_token";
  row.per_token = cost_ratio(
      pairs, [](const Answer& answer) { return answer.cost_known && answer.tokens_known; },
      [](const UnitSums& sums) {
        return PairedUnits{sums.cost_a, sums.tokens_a, sums.cost_b, sums.tokens_b};
      },
      "the reference costs nothing, or nobody counted tokens", options);
  options.stream = "parity/" + row.model + "/per_correct";
  row.per_correct = cost_ratio(
      pairs, [](const Answer& answer) { return answer.cost_known; },
      [](const UnitSums& sums) {
        return PairedUnits{sums.cost_a, sums.right_a, sums.cost_b, sums.right_b};
      },
      "too few right answers to tell their number from none, or the reference costs nothing",
      options);
}

std::string pricing_of(const ComparedSystem& compared) {
  for (const auto& system : compared.run->systems) {
    if (system.name == compared.system) return pricing_text(system.pricing);
  }
  return "";
}

std::vector<SuiteDifference> suite_differences(const Side& model, const Side& reference,
                                               const ParityOptions& options) {
  std::set<std::string> names;
  for (const auto& entry : model.answers) names.insert(std::get<0>(entry.first));
  std::vector<SuiteDifference> differences;
  for (const auto& name : names) {
    if (options.belongs && !options.belongs(name)) continue;
    const Pairs pairs =
        pair_up(model, reference, [&](const std::string& suite) { return suite == name; });
    if (pairs.pairs.empty()) continue;
    SuiteDifference& difference = differences.emplace_back();
    difference.suite = name;
    const PairedCounts counts = counts_of(pairs);
    difference.paired = counts.total();
    difference.difference =
        static_cast<double>(counts.only_a - counts.only_b) / static_cast<double>(counts.total());
    if (pairs.clustered && one_unit(pairs)) continue;
    difference.interval = margin_test(pairs, options).interval;
  }
  return differences;
}

std::string method_text(bool clustered, const ParityOptions& options) {
  return fmt::format(
      "Tango's paired score test and {:.4g} % interval{}, each claim one-sided at {:.4g} %; ratios "
      "by paired bootstrap 95 %",
      100 * options.confidence, clustered ? ", clustered by sample" : "",
      50 * (1 - options.confidence));
}

Judged judge(const Side& reference, const ComparedSystem& compared, const std::string& priced,
             const ParityOptions& options) {
  const Side model = side_of(compared);
  const Pairs pairs = pair_up(model, reference, [&](const std::string& suite) {
    return !options.belongs || options.belongs(suite);
  });
  Judged judged;
  ParityRow& row = judged.row;
  row.model = compared.label;
  row.unpaired = pairs.unpaired;
  row.other_prompt = std::ssize(pairs.otherwise);
  row.paired = static_cast<std::int64_t>(pairs.pairs.size());
  row.why = refusal(pairs);
  if (!row.why.empty()) return judged;
  const PairedCounts counts = counts_of(pairs);
  const auto n = static_cast<double>(row.paired);
  row.only_model = counts.only_a;
  row.only_reference = counts.only_b;
  row.accuracy_model = static_cast<double>(counts.both_right + counts.only_a) / n;
  row.accuracy_reference = static_cast<double>(counts.both_right + counts.only_b) / n;
  judged.test = margin_test(pairs, options);
  row.difference = judged.test.difference;
  row.interval = judged.test.interval;
  row.p_equivalent = judged.test.p_equivalent;
  row.minimum_detectable =
      minimum_detectable_effect(judged.test.standard_error, 1 - options.confidence);
  row.verdict = ParityVerdict::kUndecided;
  row.method = method_text(pairs.clustered, options);
  row.pricing = pricing_of(compared) + "; reference " + priced;
  row.suites = suite_differences(model, reference, options);
  compare_costs(pairs, compared.run->seed, row);
  return judged;
}

// Holm's correction over the models of one claim, and the verdict that it allows. Returns how many
// hypotheses are left: the step at which the next one stands.
template <class Member>
std::size_t decide(std::vector<Judged>& judged, double MarginTest::*raw, Member adjusted,
                   ParityVerdict verdict, double alpha) {
  std::vector<double> p_values;
  std::vector<Judged*> tested;
  for (auto& one : judged) {
    if (one.row.verdict == ParityVerdict::kRefused) continue;
    p_values.push_back(one.test.*raw);
    tested.push_back(&one);
  }
  const auto corrected = holm(p_values);
  std::size_t left = tested.size();
  for (std::size_t i = 0; i < tested.size(); ++i) {
    tested[i]->row.*adjusted = corrected[i];
    if (corrected[i] > alpha) continue;
    tested[i]->row.verdict = verdict;
    --left;
  }
  return left;
}

void say_what_would_decide(std::vector<Judged>& judged, std::size_t left_not_worse,
                           std::size_t left_worse, double margin, double alpha) {
  for (auto& [row, test] : judged) {
    if (row.verdict != ParityVerdict::kUndecided) continue;
    const double distance = row.difference + margin;
    const auto left = static_cast<double>(distance > 0 ? left_not_worse : left_worse);
    row.deciding = deciding_sample_size(row.paired, test.standard_error, std::abs(distance),
                                        alpha / std::max(left, 1.0));
  }
}

void note_left_out(const ParityRow& row, std::vector<std::string>& notes) {
  if (row.unpaired > 0) {
    notes.push_back(fmt::format("{}: {} answers have no marked counterpart and are left out",
                                row.model, row.unpaired));
  }
  if (row.other_prompt > 0 && row.verdict != ParityVerdict::kRefused) {
    notes.push_back(
        fmt::format("{}: {} questions were put in other words to each side and are left out",
                    row.model, row.other_prompt));
  }
}

}  // namespace

std::string_view verdict_name(ParityVerdict verdict) {
  switch (verdict) {
    case ParityVerdict::kNotWorse:
      return "not worse";
    case ParityVerdict::kWorse:
      return "worse";
    case ParityVerdict::kUndecided:
      return "undecided";
    case ParityVerdict::kRefused:
      break;
  }
  return "refused";
}

Parity judge_parity(const ComparedSystem& reference, std::span<const ComparedSystem> models,
                    const ParityOptions& options) {
  Parity parity{reference.label, options.margin, options.confidence, {}, {}, {}};
  const Side side = side_of(reference);
  const std::string priced = pricing_of(reference);
  std::vector<Judged> judged;
  for (const auto& model : models) judged.push_back(judge(side, model, priced, options));

  const double alpha = (1 - options.confidence) / 2;
  const std::size_t left_not_worse = decide(
      judged, &MarginTest::p_not_worse, &ParityRow::p_not_worse, ParityVerdict::kNotWorse, alpha);
  const std::size_t left_worse =
      decide(judged, &MarginTest::p_worse, &ParityRow::p_worse, ParityVerdict::kWorse, alpha);
  say_what_would_decide(judged, left_not_worse, left_worse, options.margin, alpha);

  std::set<std::string> suites;
  for (auto& one : judged) {
    note_left_out(one.row, parity.notes);
    for (const auto& difference : one.row.suites) suites.insert(difference.suite);
    parity.rows.push_back(std::move(one.row));
  }
  parity.suites.assign(suites.begin(), suites.end());
  return parity;
}

}  // namespace pingjia::harness

#include "harness/summary/all_pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/summary/comparison.h"
#include "harness/summary/parity.h"

namespace pingjia::harness {

namespace {

std::optional<double> finite(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

Metric metric(const char* tag, const char* name, const char* unit,
              const std::optional<double>& value, const std::optional<Interval>& interval,
              std::string maker) {
  Metric made{tag, name, unit, Better::kNeither, value, {}, {}, std::move(maker)};
  if (!value || !interval) return made;
  made.low = finite(interval->low);
  made.high = finite(interval->high);
  return made;
}

Metric count(const char* tag, const char* name, std::int64_t value) {
  return metric(tag, name, "count", static_cast<double>(value), {}, "counted");
}

std::vector<Metric> metrics_of(const ComparisonRow& row) {
  const std::string no_test = "no McNemar test where questions repeat or cluster";
  const std::string paired = "paired bootstrap 95 % over questions, a over b";
  const std::string unpaired = "a cost is unknown, or too few right answers";
  return {
      metric("difference", "Difference of accuracy", "fraction", row.difference, row.interval,
             row.method),
      metric("minimum_detectable", "Minimum detectable effect", "fraction", row.minimum_detectable,
             {}, row.minimum_detectable ? "found four times of five, at 5 %" : "no standard error"),
      metric("p_value", "p, McNemar", "p", row.p_value, {},
             row.p_value ? "McNemar's exact test, two-sided" : no_test),
      metric("cost_ratio", "Cost of a correct answer, a over b", "ratio", row.cost_ratio,
             row.cost_ratio_interval, row.cost_ratio ? paired : unpaired),
      count("paired", "Questions paired", row.paired),
      count("only_a", "Only a right", row.only_a),
      count("only_b", "Only b right", row.only_b),
  };
}

bool is_double(const SummaryInput& input, const std::string& system) {
  return std::any_of(input.systems.begin(), input.systems.end(),
                     [&](const auto& one) { return one.name == system && one.facts.test_double; });
}

ParityMark mark_of(const ParityRow& row) {
  ParityMark mark{row.model, std::string(verdict_name(row.verdict)), row.why, {}};
  if (row.verdict == ParityVerdict::kRefused) return mark;
  mark.metrics = {
      metric("difference", "Difference of accuracy", "fraction", row.difference, row.interval,
             row.method),
      metric("cost_ratio", "Cost of a correct answer, over the reference", "ratio",
             row.per_correct.value, row.per_correct.interval,
             row.per_correct.value ? "paired bootstrap 95 % over questions" : row.per_correct.why),
      metric("paired", "Questions of both", "count", static_cast<double>(row.paired), {}, "")};
  if (row.deciding) {
    mark.metrics.push_back(metric("deciding", "Questions that would decide", "count",
                                  static_cast<double>(*row.deciding), {},
                                  "4 times of 5, if the difference stays"));
  }
  return mark;
}

}  // namespace

std::optional<PairRow> compare_pair(const NamedSide& a, const NamedSide& b, std::uint64_t seed) {
  const ComparisonRow row = compare_sides("*", *a.side, *b.side, seed);
  if (row.paired == 0) return std::nullopt;
  return PairRow{a.name, b.name, "*", metrics_of(row)};
}

std::vector<PairRow> compare_all(std::span<const NamedSide> sides, std::uint64_t seed) {
  std::vector<PairRow> rows;
  const std::size_t most = std::min(sides.size(), kMostCompared);
  for (std::size_t i = 0; i < most; ++i) {
    for (std::size_t j = i + 1; j < most; ++j) {
      if (auto row = compare_pair(sides[i], sides[j], seed)) rows.push_back(std::move(*row));
    }
  }
  return rows;
}

std::vector<PairRow> compare_all(const SummaryInput& input) {
  if (input.systems.size() < 2) return {};
  std::vector<Side> sides;
  const std::size_t most = std::min(input.systems.size(), kMostCompared);
  sides.reserve(most);
  std::vector<NamedSide> named;
  for (std::size_t i = 0; i < most; ++i) {
    const std::string& name = input.systems[i].name;
    sides.push_back(side_of({&input, name, name}));
    named.push_back({name, &sides.back()});
  }
  return compare_all(named, input.seed);
}

ParityMarks parity_marks(const SummaryInput& input, const std::vector<SummaryRow>& rows) {
  ParityMarks marks{"", kParityMargin, {}};
  double best = -1;
  std::vector<std::string> names;
  for (const auto& row : rows) {
    if (row.suite != "*" || is_double(input, row.system)) continue;
    const Metric* accuracy = find_metric(row.metrics, "accuracy");
    if (accuracy == nullptr || !accuracy->value) continue;
    names.push_back(row.system);
    if (*accuracy->value <= best) continue;
    best = *accuracy->value;
    marks.reference = row.system;
  }
  if (names.size() < 2) return {"", kParityMargin, {}};
  std::vector<ComparedSystem> models;
  for (const auto& name : names) {
    if (name != marks.reference) models.push_back({&input, name, name});
  }
  ParityOptions options;
  options.margin = kParityMargin;
  const ComparedSystem reference{&input, marks.reference, marks.reference};
  for (const auto& row : judge_parity(reference, models, options).rows) {
    marks.marks.push_back(mark_of(row));
  }
  return marks;
}

}  // namespace pingjia::harness

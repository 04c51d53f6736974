#include "reports/verdict.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "reports/columns.h"
#include "reports/parity_verdict.h"
#include "reports/visible.h"

namespace pingjia::reports {

using harness::Metric;
using harness::SummaryRow;

namespace {

constexpr std::string_view kCost = "usd_per_correct";
constexpr std::string_view kAccuracy = "accuracy";

struct Entry {
  const Contestant* who = nullptr;
  const SummaryRow* row = nullptr;
  const Metric* cost = nullptr;
  const Metric* accuracy = nullptr;
};

bool known(const Metric* metric) {
  return metric != nullptr && metric->value.has_value();
}

// Real systems with a row for the suite.
std::vector<Entry> entries_for(const std::vector<Contestant>& contestants, std::string_view suite) {
  std::vector<Entry> entries;
  for (const auto& one : contestants) {
    const SummaryRow* row = one.row(suite);
    if (row == nullptr || one.test_double) continue;
    entries.push_back({&one, row, metric_of(*row, kCost), metric_of(*row, kAccuracy)});
  }
  return entries;
}

std::vector<const SummaryRow*> rows(const std::vector<Entry>& entries) {
  std::vector<const SummaryRow*> list;
  for (const auto& entry : entries) list.push_back(entry.row);
  return list;
}

// "$0.0012 [0.0011, 0.0013]" and "per 1,000 correct".
struct CostPhrase {
  std::string amount;
  std::string unit;
};

CostPhrase cost_phrase(const std::vector<Entry>& entries, const Entry& entry) {
  const Column column = column_for(kCost, rows(entries));
  return {"$" + format_metric(column, entry.cost), column.heading.substr(2)};
}

std::string accuracy_phrase(const std::vector<Entry>& entries, const Entry& entry) {
  return format_metric(column_for(kAccuracy, rows(entries)), entry.accuracy);
}

const Entry* cheapest(const std::vector<Entry>& entries) {
  const Entry* best = nullptr;
  for (const auto& entry : entries) {
    if (!known(entry.cost)) continue;
    if (best == nullptr || *entry.cost->value < *best->cost->value) best = &entry;
  }
  return best;
}

const Entry* most_accurate(const std::vector<Entry>& entries) {
  const Entry* best = nullptr;
  for (const auto& entry : entries) {
    if (!known(entry.accuracy)) continue;
    if (best == nullptr || *entry.accuracy->value > *best->accuracy->value) best = &entry;
  }
  return best;
}

// Intervals that touch, or are not known, decide nothing.
bool apart(const Metric& lower, const Metric& higher) {
  return lower.high && higher.low && *lower.high < *higher.low;
}

std::string names(const std::vector<std::string>& list) {
  return fmt::format("{}", fmt::join(list, ", "));
}

Sentence unknown_cost(const std::vector<std::string>& unpriced) {
  return {"What a correct answer of {} costs: it is not known here, see the notes.",
          {names(unpriced)}};
}

void say_undecided_cost(const std::vector<Entry>& entries, const Entry& best, Verdict& verdict) {
  std::vector<std::string> close;
  std::vector<std::string> unpriced;
  for (const auto& entry : entries) {
    if (entry.who == best.who) continue;
    if (!known(entry.cost)) {
      unpriced.push_back(entry.who->label);
    } else if (!apart(*best.cost, *entry.cost)) {
      close.push_back(entry.who->label);
    }
  }
  if (!close.empty()) {
    verdict.undecided.push_back(
        {"Whether {} is cheaper per correct answer than {}: the 95 % intervals overlap.",
         {best.who->label, names(close)}});
  }
  if (!unpriced.empty()) {
    verdict.undecided.push_back(unknown_cost(unpriced));
  }
}

// `judged`: question by question, which says more than intervals side by side.
void say_accuracy(const std::vector<Entry>& entries, const Entry* cheap, bool judged,
                  Verdict& verdict) {
  const Entry* best = most_accurate(entries);
  if (best == nullptr || entries.size() < 2) return;
  std::vector<std::string> close;
  for (const auto& entry : entries) {
    if (entry.who == best->who || !known(entry.accuracy)) continue;
    if (!apart(*entry.accuracy, *best->accuracy)) close.push_back(entry.who->label);
  }
  if (!close.empty() && !judged) {
    verdict.undecided.push_back({"Whether {} is more accurate than {}: the 95 % intervals overlap.",
                                 {best->who->label, names(close)}});
  }
  if (cheap == nullptr || cheap->who == best->who) return;
  Sentence line{"Highest accuracy: {}, {}.", {best->who->label, accuracy_phrase(entries, *best)}};
  if (known(best->cost) && *cheap->cost->value > 0) {
    line.pattern = "Highest accuracy: {}, {}, at {} times the cost per correct answer.";
    line.fill.push_back(significant(*best->cost->value / *cheap->cost->value));
  }
  verdict.findings.push_back(std::move(line));
}

// "dense, $3.14 [3.06, 3.22] per 1M correct, at accuracy 0.66 [0.64, 0.68]", after `start`.
Sentence offer(const std::string& start, const std::vector<Entry>& entries, const Entry& best) {
  const CostPhrase cost = cost_phrase(entries, best);
  return {start + ": {}, {} {}, at accuracy {}.",
          {best.who->label, cost.amount, cost.unit, accuracy_phrase(entries, best)}};
}

Verdict by_suite(const std::vector<Contestant>& contestants) {
  Verdict verdict;
  verdict.headline = {"No ranking over all suites: the systems did not run the same ones.", {}};
  std::vector<std::string> unpriced;
  for (const auto& suite : suites_of(contestants)) {
    const auto entries = entries_for(contestants, suite);
    for (const auto& entry : entries) {
      const bool named =
          std::find(unpriced.begin(), unpriced.end(), entry.who->label) != unpriced.end();
      if (!known(entry.cost) && !named) unpriced.push_back(entry.who->label);
    }
    if (const Entry* best = cheapest(entries)) {
      Sentence line = offer("{}, cheapest correct answer", entries, *best);
      line.fill.insert(line.fill.begin(), visible(suite));
      verdict.findings.push_back(std::move(line));
    }
  }
  if (!unpriced.empty()) verdict.undecided.push_back(unknown_cost(unpriced));
  return verdict;
}

Sentence nothing_known(const std::vector<Contestant>& contestants,
                       const std::vector<Entry>& entries) {
  if (contestants.empty()) return {"Nothing to compare: the run has no results.", {}};
  if (entries.empty()) {
    return {"Nothing to rank: only test doubles ran, and they measure no model.", {}};
  }
  if (const std::string why = why_nothing_came(contestants); !why.empty()) {
    return {"Nothing to rank: {}.", {why}};
  }
  return {"No ranking by cost: no system's cost per correct answer is known.", {}};
}

}  // namespace

std::string why_nothing_came(const std::vector<Contestant>& contestants) {
  std::map<std::string, int> classes;
  std::set<const harness::RunView*> runs;
  for (const auto& one : contestants) runs.insert(one.run);
  for (const auto* run : runs) {
    for (const auto& sample : run->samples) {
      const auto& failure = sample.record.completion.failure;
      if (!failure) return "";
      ++classes[std::string(harness::failure_name(failure->kind))];
    }
  }
  std::vector<std::string> counts;
  for (const auto& [name, count] : classes) counts.push_back(fmt::format("{} × {}", count, name));
  return counts.empty() ? "" : "every request failed: " + names(counts);
}

std::vector<std::string> ranking_refusals(const std::vector<Contestant>& contestants) {
  std::set<const harness::RunView*> runs;
  for (const auto& one : contestants) runs.insert(one.run);
  std::vector<std::string> reasons;
  for (const auto* run : runs) {
    for (const auto& reason : run->summary.no_ranking) {
      constexpr std::string_view kStart = "no ranking by cost: ";
      reasons.push_back(
          visible(reason.starts_with(kStart) ? reason.substr(kStart.size()) : reason));
    }
  }
  return reasons;
}

namespace {

// The cheapest correct answer, or why it may not be named so.
void say_cost(const std::vector<Entry>& entries, const Entry& best,
              const std::vector<std::string>& refused, Verdict& verdict) {
  verdict.ranked = refused.empty();
  if (verdict.ranked) {
    verdict.headline = offer("Cheapest correct answer", entries, best);
  } else {
    verdict.headline = {"No ranking by cost: {}.", {fmt::format("{}", fmt::join(refused, "; "))}};
    verdict.findings.push_back(offer("Cheapest correct answer among the priced", entries, best));
  }
  say_undecided_cost(entries, best, verdict);
}

}  // namespace

Verdict verdict_of(const std::vector<Contestant>& contestants) {
  std::vector<Contestant> real;
  std::copy_if(contestants.begin(), contestants.end(), std::back_inserter(real),
               [](const Contestant& one) { return !one.test_double; });
  if (!same_suites(real)) return by_suite(real);
  const auto entries = entries_for(real, "*");
  const Entry* best = cheapest(entries);
  const harness::ParityMarks* parity = parity_of(real);
  const harness::ParityMark* found = parity == nullptr ? nullptr : bargain(*parity);
  Verdict verdict;
  if (best == nullptr) {
    verdict.headline = nothing_known(contestants, entries);
  } else {
    say_cost(entries, *best, ranking_refusals(real), verdict);
    if (found != nullptr && verdict.ranked) {
      verdict.findings.insert(verdict.findings.begin(), verdict.headline);
      verdict.headline = at_parity(*parity, *found);
    }
  }
  if (parity != nullptr) say_parity(*parity, found, verdict);
  say_accuracy(entries, best, parity != nullptr, verdict);
  return verdict;
}

}  // namespace pingjia::reports

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/stats/repeated.h"
#include "harness/summary/measures.h"

namespace pingjia::harness {

namespace {

/// The repeats of one sample.
struct Item {
  RepeatedItem marks;
  std::vector<std::int64_t> votes;  // By class of equal answers.
  std::vector<bool> right;          // Likewise.
};

void add_vote(const Score& score, Item& item) {
  if (!score.answer_class) return;
  const auto index = static_cast<std::size_t>(*score.answer_class);
  if (index >= item.votes.size()) {
    item.votes.resize(index + 1);
    item.right.resize(index + 1);
  }
  ++item.votes[index];
  if (score.outcome == outcome::kRight) item.right[index] = true;
}

// By sample, so that the journal's order cannot move a rounding.
std::vector<Item> items_of(const RowFacts& row) {
  std::map<std::string_view, Item> items;
  for (const auto& attempt : row.attempts) {
    if (attempt.score == nullptr) continue;
    Item& item = items[attempt.record->key.sample];
    add_vote(*attempt.score, item);
    if (!is_marked(attempt.score->outcome)) continue;
    ++item.marks.n;
    if (attempt.score->outcome == outcome::kRight) ++item.marks.right;
    item.marks.cluster = static_cast<std::int64_t>(attempt.unit);
  }
  std::vector<Item> list;
  for (auto& [sample, item] : items) {
    if (item.marks.n > 0) list.push_back(std::move(item));
  }
  return list;
}

/// The mean of what `value` says of each item.
template <class Value>
Metric mean_metric(const std::vector<Item>& items, std::string tag, std::string name,
                   std::string maker, const Value& value) {
  std::vector<double> values;
  std::vector<std::int64_t> clusters;
  for (const auto& item : items) {
    values.push_back(value(item));
    clusters.push_back(item.marks.cluster);
  }
  const ItemMean mean = item_mean(values, clusters);
  return {std::move(tag), std::move(name),   "fraction",         Better::kHigher,
          mean.mean,      mean.interval.low, mean.interval.high, std::move(maker)};
}

}  // namespace

std::vector<Metric> measure_repeats(const RowFacts& row) {
  if (row.whole()) return {};
  const auto items = items_of(row);
  std::int64_t most = 0;
  std::int64_t least = items.empty() ? 0 : items[0].marks.n;
  std::vector<RepeatedItem> marks;
  for (const auto& item : items) {
    most = std::max(most, item.marks.n);
    least = std::min(least, item.marks.n);
    marks.push_back(item.marks);
  }
  if (most < 2) return {};
  const std::string basis =
      fmt::format("{} items, {}{} answers each, clustered t 95 %", items.size(), least,
                  most > least ? fmt::format(" to {}", most) : "");
  std::vector<Metric> metrics;
  metrics.push_back(
      mean_metric(items, "avg_at_n", fmt::format("avg@{}", most), basis, [](const Item& item) {
        return static_cast<double>(item.marks.right) / static_cast<double>(item.marks.n);
      }));
  metrics.push_back({"repeat_half_width",
                     "Half-width by repeats",
                     "fraction",
                     Better::kLower,
                     repeat_half_width(marks),
                     {},
                     {},
                     "half of the 95 % interval of avg@n with these items fixed"});
  for (std::int64_t k = 2; k <= least; k *= 2) {
    metrics.push_back(mean_metric(items, fmt::format("pass_at_{}", k), fmt::format("pass@{}", k),
                                  "unbiased (Chen et al. 2021); " + basis, [k](const Item& item) {
                                    return pass_at_k(item.marks.n, item.marks.right, k);
                                  }));
  }
  metrics.push_back(
      mean_metric(items, "cons_at_n", fmt::format("cons@{}", most),
                  "most frequent answer, equal ones by the scorer, ties shared; " + basis,
                  [](const Item& item) { return consensus(item.votes, item.right); }));
  return metrics;
}

Measured measure_macro(const RowFacts& row) {
  std::map<std::string_view, RepeatedItem> subjects;
  for (const auto& attempt : row.attempts) {
    if (attempt.score == nullptr || attempt.subject.empty()) continue;
    if (!is_marked(attempt.score->outcome)) continue;
    auto& subject = subjects[attempt.subject];
    ++subject.n;
    if (attempt.score->outcome == outcome::kRight) ++subject.right;
  }
  if (row.whole() || subjects.size() < 2) return {{}, {}, {}, "fewer than two subjects"};
  std::vector<RepeatedItem> groups;
  for (const auto& [name, subject] : subjects) groups.push_back(subject);
  const ItemMean mean = macro_mean(groups);
  return {mean.mean, mean.interval.low, mean.interval.high,
          fmt::format("{} subjects, each counting the same", groups.size())};
}

}  // namespace pingjia::harness

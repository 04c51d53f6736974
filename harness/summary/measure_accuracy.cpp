#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/stats/clustered.h"
#include "harness/summary/measures.h"

namespace pingjia::harness {

namespace {

struct Marks {
  std::vector<double> right;  // 1 or 0
  std::vector<std::int64_t> clusters;
  bool clustered = false;  // Some unit has more than one mark.
};

// Sorted, so that the journal's order cannot move a rounding.
Marks marks_of(const RowFacts& row) {
  std::vector<std::pair<std::uint64_t, bool>> found;
  for (const auto& attempt : row.attempts) {
    if (attempt.score == nullptr || !is_marked(attempt.score->outcome)) continue;
    found.emplace_back(attempt.unit, attempt.score->outcome == outcome::kRight);
  }
  std::sort(found.begin(), found.end());
  Marks marks;
  for (std::size_t i = 0; i < found.size(); ++i) {
    marks.right.push_back(found[i].second ? 1 : 0);
    marks.clusters.push_back(static_cast<std::int64_t>(found[i].first));
    if (i > 0 && found[i].first == found[i - 1].first) marks.clustered = true;
  }
  return marks;
}

// Whose extraction and marking it was: "numeric 2, exact 1".
std::string scorers_of(const RowFacts& row) {
  std::vector<std::string> scorers;
  for (const auto& attempt : row.attempts) {
    if (attempt.score == nullptr) continue;
    std::string name = attempt.score->scorer + " " + attempt.score->scorer_version;
    if (std::find(scorers.begin(), scorers.end(), name) == scorers.end()) {
      scorers.push_back(std::move(name));
    }
  }
  std::sort(scorers.begin(), scorers.end());
  return fmt::format("{}", fmt::join(scorers, ", "));
}

}  // namespace

Measured measure_accuracy(const RowFacts& row) {
  const Marks marks = marks_of(row);
  if (marks.right.empty()) return {{}, {}, {}, "nothing could be marked"};
  const auto n = static_cast<std::int64_t>(marks.right.size());
  const std::int64_t right = row.count(outcome::kRight);
  const bool clustered = marks.clustered;
  const Interval interval =
      clustered ? clustered_proportion(marks.right, marks.clusters) : wilson(right, n);
  return {static_cast<double>(right) / static_cast<double>(n), interval.low, interval.high,
          fmt::format("{} of {} marked, scorer {}, {} 95 %", right, n, scorers_of(row),
                      clustered ? "clustered Wilson" : "Wilson")};
}

Measured measure_outcome(const RowFacts& row, std::string_view outcome) {
  return {static_cast<double>(row.count(outcome)), {}, {}, "last attempts"};
}

Measured measure_answered(const RowFacts& row) {
  const std::int64_t answered =
      row.count(outcome::kRight) + row.count(outcome::kWrong) + row.count(outcome::kUndecided);
  return {static_cast<double>(answered), {}, {}, "last attempts in which an answer was found"};
}

Measured measure_total(const RowFacts& row) {
  return {static_cast<double>(row.scored()), {}, {}, "last attempts, cancelled ones left out"};
}

}  // namespace pingjia::harness

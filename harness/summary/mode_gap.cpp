#include <fmt/format.h>

#include <map>

#include "harness/summary/notes.h"

namespace pingjia::harness {

namespace {

Mode mode_of(const RowFacts& row) {
  return row.attempts.front().record->request.mode;
}

// Share of right answers of each sample that has marks.
std::map<std::string_view, double> shares_of(const RowFacts& row) {
  std::map<std::string_view, std::pair<double, double>> marks;
  for (const auto& attempt : row.attempts) {
    if (attempt.score == nullptr || !is_marked(attempt.score->outcome)) continue;
    auto& [right, count] = marks[attempt.record->key.sample];
    ++count;
    if (attempt.score->outcome == outcome::kRight) ++right;
  }
  std::map<std::string_view, double> shares;
  for (const auto& [sample, mark] : marks) shares[sample] = mark.first / mark.second;
  return shares;
}

std::string gap_of(const RowFacts& scored, const RowFacts& written) {
  const auto a = shares_of(scored);
  const auto b = shares_of(written);
  double sum_a = 0;
  double sum_b = 0;
  int both = 0;
  for (const auto& [sample, share] : a) {
    const auto other = b.find(sample);
    if (other == b.end()) continue;
    sum_a += share;
    sum_b += other->second;
    ++both;
  }
  if (both == 0) return "";
  return fmt::format(
      "{}: {} by log-likelihood {:.4f}, {} by generation {:.4f}: a gap of {:+.4f} on {} questions "
      "that both have marks for",
      scored.system->name, scored.suite, sum_a / both, written.suite, sum_b / both,
      (sum_a - sum_b) / both, both);
}

}  // namespace

std::vector<std::string> mode_gaps(std::span<const RowFacts> rows) {
  std::vector<std::string> notes;
  const auto suite_of = [](const RowFacts& row) {
    return row.suite.substr(0, row.suite.find('/'));
  };
  for (const auto& scored : rows) {
    if (scored.whole() || scored.attempts.empty() || mode_of(scored) != Mode::kLoglikelihood) {
      continue;
    }
    for (const auto& written : rows) {
      if (written.system != scored.system || suite_of(written) != suite_of(scored)) continue;
      if (written.attempts.empty() || mode_of(written) != Mode::kGenerate) continue;
      if (auto gap = gap_of(scored, written); !gap.empty()) notes.push_back(std::move(gap));
    }
  }
  return notes;
}

}  // namespace pingjia::harness

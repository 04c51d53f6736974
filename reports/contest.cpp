#include "reports/contest.h"

#include <algorithm>
#include <set>

#include "reports/visible.h"

namespace pingjia::reports {

using harness::RunView;
using harness::SummaryRow;

namespace {

Contestant& find_or_add(std::vector<Contestant>& list, const RunView& run,
                        const std::string& system, bool name_run) {
  for (auto& known : list) {
    if (known.run == &run && known.system == system) return known;
  }
  Contestant added;
  added.run = &run;
  added.system = system;
  added.label = visible(name_run ? run.name + " · " + system : system);
  added.series = list.size();
  list.push_back(std::move(added));
  return list.back();
}

}  // namespace

const SummaryRow* Contestant::row(std::string_view suite) const {
  if (suite == "*") return overall;
  for (const auto* candidate : suites) {
    if (candidate->suite == suite) return candidate;
  }
  return nullptr;
}

std::vector<Contestant> contestants(const std::vector<RunView>& runs) {
  std::vector<Contestant> list;
  for (const auto& run : runs) {
    for (const auto& row : run.summary.rows) {
      Contestant& one = find_or_add(list, run, row.system, runs.size() > 1);
      one.test_double = one.test_double || row.test_double;
      if (row.suite == "*") {
        one.overall = &row;
      } else {
        one.suites.push_back(&row);
      }
    }
  }
  for (auto& one : list) {
    if (one.overall == nullptr && one.suites.size() == 1) one.overall = one.suites.front();
  }
  return list;
}

std::vector<std::string> suites_of(const std::vector<Contestant>& contestants) {
  std::vector<std::string> suites;
  for (const auto& one : contestants) {
    for (const auto* row : one.suites) {
      if (std::find(suites.begin(), suites.end(), row->suite) == suites.end()) {
        suites.push_back(row->suite);
      }
    }
  }
  return suites;
}

std::vector<const SummaryRow*> rows_of(const std::vector<RunView>& runs) {
  std::vector<const SummaryRow*> rows;
  for (const auto& run : runs) {
    for (const auto& row : run.summary.rows) rows.push_back(&row);
  }
  return rows;
}

bool same_suites(const std::vector<Contestant>& contestants) {
  std::set<std::set<std::string>> sets;
  for (const auto& one : contestants) {
    std::set<std::string> suites;
    for (const auto* row : one.suites) suites.insert(row->suite);
    sets.insert(std::move(suites));
  }
  return sets.size() <= 1;
}

}  // namespace pingjia::reports

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/summary/report.h"

namespace pingjia::reports {

/// One system of one run, as tables and charts name it.
struct Contestant {
  const harness::RunView* run = nullptr;
  std::string system;
  std::string label;       ///< The system; "run · system" with several runs.
  std::size_t series = 0;  ///< Its colour and shape in every chart.
  bool test_double = false;
  const harness::SummaryRow* overall = nullptr;    ///< Row "*", or the one suite it ran, or null.
  std::vector<const harness::SummaryRow*> suites;  ///< Without "*".

  /// Its row for `suite` ("*" is overall), or null.
  const harness::SummaryRow* row(std::string_view suite) const;
};

/// Every system of every run, in the order of the summaries.
std::vector<Contestant> contestants(const std::vector<harness::RunView>& runs);

/// The suites of all of them without "*", in the order of the summaries.
std::vector<std::string> suites_of(const std::vector<Contestant>& contestants);

/// All rows of all runs.
std::vector<const harness::SummaryRow*> rows_of(const std::vector<harness::RunView>& runs);

/// Whether all ran the same suites, so that their overall rows may be compared.
bool same_suites(const std::vector<Contestant>& contestants);

}  // namespace pingjia::reports

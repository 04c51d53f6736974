#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/contest.h"
#include "reports/html/answers.h"

namespace pingjia::reports {

/// The numbers of all samples, question by question and there in the order of the contestants, as a
/// browser's typed arrays take them: little-endian columns one behind the other.
struct SampleColumns {
  std::string bytes;
  /// JSON members for what the numbers stand for: "samples", "columns" ([name, type, offset in
  /// bytes]), "systems", "suites", "outcomes", "failures", "rules", "questions". Every text is
  /// visible.
  std::string names;
};

SampleColumns sample_columns(const std::vector<SuiteAnswers>& suites,
                             const std::vector<Contestant>& contestants);

}  // namespace pingjia::reports

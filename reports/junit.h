#pragma once

#include <string>
#include <vector>

#include "harness/summary/report.h"

namespace pingjia::reports {

/// JUnit XML as continuous integration reads it: a test suite for each run, system and suite, with
/// its accuracy and cost as properties; a test case for each question. Marked but not right is a
/// failure, no answer an error, what a system cannot do is skipped.
std::string write_junit(const std::vector<harness::RunView>& runs);

}  // namespace pingjia::reports

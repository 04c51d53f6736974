#pragma once

#include <string>
#include <vector>

#include "harness/summary/report.h"

namespace pingjia::reports {

/// For a pull request comment: the verdict, one compact table, notes folded away; under the 65,536
/// characters that such a comment may have.
std::string write_markdown(const std::vector<harness::RunView>& runs);

}  // namespace pingjia::reports

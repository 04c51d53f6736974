#pragma once

#include <string>
#include <vector>

#include "harness/summary/report.h"

namespace pingjia::reports {

/// Everything, for programs: {schema_version, runs: [{name, directory, manifest, environment,
/// summary, samples}]}; summaries as in summary.json, samples as in records.jsonl with their
/// scores.
std::string write_json(const std::vector<harness::RunView>& runs);

}  // namespace pingjia::reports

#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "harness/commands/campaign.h"
#include "harness/commands/run_directory.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

enum class SessionEnd { kFinished, kInterrupted, kBudgetSpent };

struct SessionOutcome {
  SessionEnd end = SessionEnd::kFinished;
  std::vector<std::string> problems;  ///< One line per system that could not be opened.
};

/// Runs what `directory` does not yet have answers for: system by system, suite by suite, so that
/// each suite has its own serving window. Appends to records.jsonl and sessions.jsonl, and adds the
/// systems' facts to run.json. A system that cannot be opened is a problem, and the run goes on
/// with the next; where it is the first and no request has ever been sent, it is an Error.
SessionOutcome run_session(World& world, const Campaign& campaign, const RunDirectory& directory,
                           nlohmann::json manifest, bool quiet);

}  // namespace pingjia::harness

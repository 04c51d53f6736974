#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "harness/drive/adapter.h"

namespace pingjia::adapters {

/// A check that needs what the program does not declare, or cannot show, is not applicable: that is
/// not a pass.
enum class ConformanceState { kPass, kFail, kNotApplicable };

struct ConformanceResult {
  std::string name;
  ConformanceState state = ConformanceState::kNotApplicable;
  std::string detail;
};

/// Runs `command` (split like a shell does) and checks it against the process protocol of
/// adapters/README.md, in the order of that page. `options` is the object for `load`. The program
/// is started twice, and up to three times more when it dies on the way. An answer is waited for at
/// most `patience`. Throws Error when the command cannot be started at all.
std::vector<ConformanceResult> check_conformance(const std::string& command,
                                                 const nlohmann::json& options,
                                                 const harness::AdapterContext& context,
                                                 harness::Nanos patience = 60 * harness::kSecond);

}  // namespace pingjia::adapters

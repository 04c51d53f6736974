#pragma once

#include <nlohmann/json_fwd.hpp>

#include "harness/spec/suite.h"

namespace pingjia::harness {

/// The suite in its file format with every sample inline, so that a run directory holds what was
/// asked and can be marked again anywhere. `load_suite` reads it back; its hash is then its own.
nlohmann::json to_json(const Suite& suite);

}  // namespace pingjia::harness

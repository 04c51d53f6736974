#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/score/scorer.h"

namespace pingjia::suites {

/// The answer's letter must be the gold letter. Options:
///   "rules": ["whole", "text", …]      tried in this order; the default is all, see choice.cpp
///                             an own one: {"name": "x", "pattern": "is ([A-D])", "match": "first"}
///   "match": "first"                   which place counts ("last" is the default)
///   "protocol": "mmlu-pro"             that script's extraction; or "simple-evals"
/// Letters go up to the number of choices; without choices up to J, and to the gold letter.
std::unique_ptr<harness::Scorer> make_choice(const nlohmann::json& options,
                                             const std::string& where);

}  // namespace pingjia::suites

#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/score/scorer.h"

namespace pingjia::suites {

/// The answer's number must equal the gold number exactly (2.50 = 2.5, 1e3 = 1000, 0.5 = 1/2).
/// The gold may be a whole GSM8K solution: what follows its "####" counts. Options:
///   "rules": ["boxed", "hashes", "answer", "number"]   tried in this order; the default is all
///                             an own one: {"name": "x", "pattern": "is ([A-D])", "match": "first"}
///   "match": "first"                                   which place counts ("last" is the default)
///   "protocol": "strict-match"      lm-evaluation-harness' extraction; or "flexible-extract"
/// boxed: in \boxed{}; hashes: after "####"; answer: after a phrase such as "The answer is";
/// number: the last number anywhere. Currency, units and % are dropped, so 50% equals 50. A word
/// that scales ("3 million") counts. Where the number would be right only without that word, or
/// only as a part of one (75% against 0.75), the verdict is undecided.
std::unique_ptr<harness::Scorer> make_numeric(const nlohmann::json& options,
                                              const std::string& where);

}  // namespace pingjia::suites

#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/score/scorer.h"

namespace pingjia::suites {

/// The answer's text must be the gold text, after Unicode normalisation (NFC) and trimming.
/// Options:
///   "casefold": true          upper and lower case are the same (Unicode case folding)
///   "spaces": "collapse"      a run of white space is one space ("keep" is the default)
///   "strip": ".\""            these signs are dropped at both ends, of the gold text too
///   "take": "first_line"      only that line counts ("last_line", "all" is the default)
///   "pattern": "= (.*)"       RE2 pattern; its group, or its whole match, is the answer
///   "match": "first"          which match of the pattern counts ("last" is the default; it is
///                             sought in the last 16 KiB, so that no answer takes long)
/// Nothing left, or no match, is parse_failed.
std::unique_ptr<harness::Scorer> make_exact(const nlohmann::json& options,
                                            const std::string& where);

}  // namespace pingjia::suites

#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/score/scorer.h"

namespace pingjia::suites {

/// Every instruction of an IFEval item must be followed. The gold is the data set's own object as
/// JSON, with "instruction_id_list" and "kwargs" (other keys are passed over). Options:
///   "protocol": "loose"   an instruction is followed if it is in any of eight forms of the answer:
///                         without asterisks, first line, last line, both, and their combinations;
///                         "strict", the default, looks at the answer as it is
/// Grade::instructions has one mark for each instruction, so that both of the publisher's
/// accuracies (by prompt and by instruction) can be had. undecided: the gold is not such an object,
/// or asks for what no instruction here knows; the rule says what.
std::unique_ptr<harness::Scorer> make_ifeval(const nlohmann::json& options,
                                             const std::string& where);

}  // namespace pingjia::suites

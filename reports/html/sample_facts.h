#pragma once

#include <string>

#include "harness/record/record.h"

namespace pingjia::reports {

/// Appends what a record says besides its texts, as a JSON object {"request", "response"}: the
/// parameters as sent, model, finish, usage with the provider's own words, milliseconds since the
/// request was due, failure. What was not reported is left out.
void append_sample_facts(std::string& out, const harness::Record& record);

}  // namespace pingjia::reports

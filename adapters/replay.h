#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "harness/drive/adapter.h"

namespace pingjia::adapters {

/// Row "replay": answers from the records of an old run, so that a load, a report or a price can be
/// tried again without the model. Its options:
///   records  records.jsonl, or the folder of a run; relative to the run file
///   system   whose answers; default: this system's name, or the only one there is
///   timing   "recorded" (default): each answer takes as long as it did; "at_once"
/// A request is known by suite, sample and repeat, and gets what the last attempt at it got that
/// was not cancelled; one that was not recorded fails with not_found. The model, device and whether
/// it is a test double come from the old run's sessions.jsonl; without one, and for "at_once",
/// whose speeds are nobody's, it is marked as one.
std::unique_ptr<harness::Adapter> make_replay(const nlohmann::json& options,
                                              const harness::AdapterContext& context);

}  // namespace pingjia::adapters

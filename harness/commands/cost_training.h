#pragma once

#include <span>
#include <string>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia cost training`: GPU-hours and a rate, a check of the FLOPs, what the model must earn.
int cost_training(World& world, std::span<const std::string> arguments);
CommandUsage training_usage();

}  // namespace pingjia::harness

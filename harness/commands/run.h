#pragma once

#include <span>
#include <string>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia run FILE`: the main job, from the run file to the report.
int run(World& world, std::span<const std::string> arguments);

extern const CommandUsage kRunUsage;

}  // namespace pingjia::harness

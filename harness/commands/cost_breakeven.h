#pragma once

#include <span>
#include <string>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia cost breakeven`: an API against own GPUs, which are whole.
int cost_breakeven(World& world, std::span<const std::string> arguments);
CommandUsage breakeven_usage();

}  // namespace pingjia::harness

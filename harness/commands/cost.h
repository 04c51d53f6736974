#pragma once

#include <span>
#include <string>

#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia cost breakeven|training`: calculators that need no run.
int cost(World& world, std::span<const std::string> arguments);
/// Both calculators with every input.
std::string cost_help();

}  // namespace pingjia::harness

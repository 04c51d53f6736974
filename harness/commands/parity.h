#pragma once

#include <span>
#include <string>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia parity DIR... --reference MODEL --margin 2pt`: which systems are not worse than the
/// reference, and at what fraction of its cost.
int parity(World& world, std::span<const std::string> arguments);
extern const CommandUsage kParityUsage;

}  // namespace pingjia::harness

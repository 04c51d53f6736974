#pragma once

#include <span>
#include <string>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia show DIR ID`: one sample whole, every system's attempts at it.
int show(World& world, std::span<const std::string> arguments);
extern const CommandUsage kShowUsage;

}  // namespace pingjia::harness

#pragma once

#include <span>
#include <string>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia compare A B`: paired differences between two systems, of one run or of two.
int compare_runs(World& world, std::span<const std::string> arguments);
extern const CommandUsage kCompareUsage;

}  // namespace pingjia::harness

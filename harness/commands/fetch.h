#pragma once

#include <span>
#include <string>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

extern const CommandUsage kFetchUsage;

/// `pingjia fetch`: the data of suites, checked, into a data folder.
int fetch(World& world, std::span<const std::string> arguments);

}  // namespace pingjia::harness

#pragma once

#include <span>
#include <string>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia list [suites|adapters|scorers|reports|dialects]`: what a run file may name.
int list(World& world, std::span<const std::string> arguments);
extern const CommandUsage kListUsage;

}  // namespace pingjia::harness

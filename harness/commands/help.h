#pragma once

#include <span>
#include <string>

#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia help [X]`: the commands, one command, or one of the manual's pages, which are the
/// folders' READMEs.
int help(World& world, std::span<const std::string> arguments);

}  // namespace pingjia::harness

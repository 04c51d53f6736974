#pragma once

#include <span>
#include <string>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia decode --dialect NAME FILE`: a recorded reply body in, one JSON completion out.
int decode(World& world, std::span<const std::string> arguments);
extern const CommandUsage kDecodeUsage;

}  // namespace pingjia::harness

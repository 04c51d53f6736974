#pragma once

#include <span>
#include <string>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia hardware list|show NAME|here`: the catalogue, one machine of it, this machine.
int hardware(World& world, std::span<const std::string> arguments);
extern const CommandUsage kHardwareUsage;

}  // namespace pingjia::harness

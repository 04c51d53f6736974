#pragma once

#include <span>
#include <string>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia price DIR`: values a run again from its files, without calling a model. run.json keeps
/// how it was priced when it ran as "pricing_as_run"; "pricing" is the newer one.
int price(World& world, std::span<const std::string> arguments);

extern const CommandUsage kPriceUsage;

}  // namespace pingjia::harness

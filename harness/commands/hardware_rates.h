#pragma once

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia hardware rates DIR...`: for each system of the runs, what a token of input and one of
/// output take of its GPUs, fitted over runs and suites of different mixes.
int hardware_rates(World& world, const Arguments& arguments);

}  // namespace pingjia::harness

#pragma once

#include <span>
#include <string>
#include <string_view>

#include "harness/base/table.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// Runs a subcommand with the arguments after its name; returns the exit code. Throws Error for
/// bad input.
using RunCommand = int (*)(World& world, std::span<const std::string> arguments);

/// Every subcommand, in the order `pingjia help` lists them.
Table<RunCommand> commands();

/// The whole of main but its wiring: finds the subcommand, runs it, and turns an Error into one
/// line and exit code 2.
int run_command_line(World& world, std::span<const std::string> arguments);

}  // namespace pingjia::harness

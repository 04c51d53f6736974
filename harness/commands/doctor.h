#pragma once

#include <span>
#include <string>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia doctor`: what is wrong with this machine, its keys, its engines; with --adapter, with a
/// program that speaks the process protocol; with --run, with a run file's systems.
int doctor(World& world, std::span<const std::string> arguments);
extern const CommandUsage kDoctorUsage;

}  // namespace pingjia::harness

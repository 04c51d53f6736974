#pragma once

#include <span>
#include <string>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia score DIR`, `price DIR` and `report DIR...`: the later stages of a run, again, from its
/// files. None calls a model.
int score(World& world, std::span<const std::string> arguments);
int price(World& world, std::span<const std::string> arguments);
int report(World& world, std::span<const std::string> arguments);

extern const CommandUsage kScoreUsage;
extern const CommandUsage kPriceUsage;
extern const CommandUsage kReportUsage;

}  // namespace pingjia::harness

#pragma once

#include <span>
#include <string>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia score DIR` and `report DIR...`: later stages of a run, again, from its files. None
/// calls a model. `price DIR` is in price_again.h.
int score(World& world, std::span<const std::string> arguments);
int report(World& world, std::span<const std::string> arguments);

extern const CommandUsage kScoreUsage;
extern const CommandUsage kReportUsage;

}  // namespace pingjia::harness

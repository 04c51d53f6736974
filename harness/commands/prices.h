#pragma once

#include <span>
#include <string>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia prices show|import|check|cost`: money without a run.
int prices(World& world, std::span<const std::string> arguments);

/// The usage of all four.
std::string prices_page();

int prices_show(World& world, std::span<const std::string> arguments);
int prices_import(World& world, std::span<const std::string> arguments);
int prices_check(World& world, std::span<const std::string> arguments);
int prices_cost(World& world, std::span<const std::string> arguments);

extern const CommandUsage kPricesShowUsage;
extern const CommandUsage kPricesImportUsage;
extern const CommandUsage kPricesCheckUsage;
extern const CommandUsage kPricesCostUsage;

}  // namespace pingjia::harness

#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"
#include "harness/money/assumption.h"
#include "harness/money/tornado.h"
#include "harness/money/worked_example.h"

namespace pingjia::harness {

/// What the calculators of `pingjia cost` share: options from a table of inputs, published cases,
/// and the tables they print.

/// The usage of one calculator: an option per input, then those of every calculator.
CommandUsage calculator_usage(const std::string& command, const std::string& help,
                              std::span<const AssumptionKind> kinds,
                              std::vector<OptionHelp> more = {});

/// The published case that `--example [NAME]` asks for; nothing without it. Throws Error for a name
/// that is not there, and for a name without `--example`.
std::optional<WorkedExample> example_asked(const World& world, const Arguments& arguments,
                                           const std::string& calculator);

/// An amount for people: "$5.576M", "$0.1122".
std::string usd_amount(double usd);
/// "2.788M", "0.55", "unbounded".
std::string quantity(double value);

/// `idle` names inputs that the result does not rest on: they are not shown.
using IdleInputs = std::vector<std::string_view>;
void print_inputs(std::ostream& out, const Assumptions& assumptions, const IdleInputs& idle);
/// `result` names what swings; `amount` writes it.
void print_tornado(std::ostream& out, const std::vector<Swing>& swings, const std::string& result,
                   std::string (*amount)(double));

nlohmann::json inputs_json(const Assumptions& assumptions, const IdleInputs& idle);
nlohmann::json tornado_json(const std::vector<Swing>& swings);
/// Null for what is not finite.
nlohmann::json finite(double value);

}  // namespace pingjia::harness

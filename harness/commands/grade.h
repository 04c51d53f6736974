#pragma once

#include <span>
#include <string>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// `pingjia grade --scorer NAME [--options JSON]`: marks answers without a run. One JSON object a
/// line in: {"id", "gold", "answer"} and, where they apply, "choices", "protocol" (a named set of
/// the scorer's rules) and "options" (of the scorer; over --options, key by key). One line out for
/// each, in the same order: {"id", "verdict", "extracted"}; verdict is right, wrong, undecided or
/// parse_failed, extracted null where nothing was found; "instructions" is added by a scorer that
/// marks several ([true, false]). "gold" may be a number, or for ifeval the data set's own object.
/// Throws Error for a bad argument, and for a bad line with its number; everything before that line
/// has been written.
int grade(World& world, std::span<const std::string> arguments);
extern const CommandUsage kGradeUsage;

}  // namespace pingjia::harness

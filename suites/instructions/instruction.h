#pragma once

#include <span>
#include <string_view>

#include "suites/instructions/arguments.h"

namespace pingjia::suites {

/// Whether a response follows one instruction. Pure. Throws InstructionArguments::BadArgument for
/// what the data set says wrongly.
using FollowsInstruction = bool (*)(std::string_view response, const InstructionArguments& asked);

struct Instruction {
  std::string_view name;  ///< As in instruction_id_list: "length_constraints:number_words".
  FollowsInstruction follows;
};

/// The 25 kinds of IFEval (Zhou et al. 2023, arXiv:2311.07911), by family.
std::span<const Instruction> format_instructions();
std::span<const Instruction> length_instructions();
std::span<const Instruction> wording_instructions();

/// Nothing for a kind that is not among them.
const Instruction* find_instruction(std::string_view name);

}  // namespace pingjia::suites

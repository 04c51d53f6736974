#pragma once

#include <cstdint>
#include <span>

namespace pingjia::kernels::cuda {

/// What emulations of primitives are written with; called by a thread of the block that runs.

using Act = void (*)(std::span<void* const> operands);

/// Waits until all lanes of the thread's team (32, or the 128 of a warpgroup) have made the call of
/// that name. The last to come acts for all, on the operands of each, which may lie on its stack.
void act_together(const char* call, int team, void* operands, Act act);

/// How many blocks have begun: what an emulation remembers of an earlier one is void.
std::int64_t blocks_begun();

/// Lets the other threads run, for a thread that waits for something they do.
void let_others_run();

}  // namespace pingjia::kernels::cuda

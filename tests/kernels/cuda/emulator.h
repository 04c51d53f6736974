#pragma once

#include <cstdint>
#include <functional>

#include "kernels/cuda/launch.cuh"

namespace pingjia::kernels::cuda {

/// Runs the kernels' own source on the processor, so that the sanitizers see it without a GPU. The
/// threads of a block are fibres, which take turns in an order drawn from a seed; blocks run one
/// after the other. It is strict where a device is lenient:
///   shared memory is exactly as large as the launch asked for, and filled with NaN before a block;
///   what copy_async writes to is NaN until wait_copies says otherwise, and the source is read
///   then; a warp-wide call that not all lanes make, lanes that make different ones, a barrier some
///   thread never reaches, and an address off its 16 bytes end the run with std::logic_error.
/// It has no clock, and sums a product's terms one by one, which a tensor core does not.
/// What it defines is declared in kernels/cuda/*.cuh.
void set_emulation_seed(std::uint64_t seed);

}  // namespace pingjia::kernels::cuda

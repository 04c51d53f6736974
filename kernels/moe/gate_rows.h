#pragma once

#include <cstdint>

#include "kernels/processor/bf16.h"
#include "kernels/processor/isa.h"

namespace pingjia::kernels {

/// silu(gate) * up on what a product of interleaved weights left: in each 32 columns of `sums`, 16
/// of gate and then 16 of up, and the next 32 `block` floats further on. One row: `pairs` times 16
/// outputs, rounded; output j goes to out[j / 32 * step + j % 32], the layout of a row in a panel
/// of A.
using GateRow = void (*)(const float* sums, std::int64_t pairs, std::int64_t block, Bf16* out,
                         std::int64_t step);

GateRow gate_row(Isa isa);

}  // namespace pingjia::kernels

#pragma once

#include <cstdint>

#include "kernels/gemm/panel.h"

namespace pingjia::kernels {

/// c = A B for a block that one thread owns: `rows` rows of A in consecutive panels at `a`, each of
/// the weights' whole length k, times the weights' panels [first, last). `c` holds whole panels:
/// rows rounded up to micro.rows, (last - first) * micro.columns columns, rows `stride` floats
/// apart. Walks k in pieces whose panels fit the first cache, so that each is read from further
/// away once per row or column of panels. Between MicroUse's begin and end.
void multiply_block(const std::byte* a, std::int64_t rows, const PackedWeights& weights,
                    std::int64_t first, std::int64_t last, float* c, std::int64_t stride);

}  // namespace pingjia::kernels

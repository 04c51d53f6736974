#pragma once

#include <cstdint>

#include "kernels/gemm/panel.h"

namespace pingjia::kernels {

/// How the sums of multiply_block lie.
struct SumBlocks {
  const Micro& micro;
  std::int64_t panels;  ///< Of columns.

  std::int64_t block() const { return std::int64_t{micro.rows} * micro.columns; }
  /// Where the columns of a row begin: micro.columns floats, the next ones block() further on.
  std::int64_t row(std::int64_t i) const {
    return i / micro.rows * panels * block() + i % micro.rows * micro.columns;
  }
};

/// c = A B for a block that one thread owns: `rows` rows of A in consecutive panels at `a`, each of
/// the weights' whole length k, times the weights' panels [first, last). `c` holds blocks of
/// micro.rows x micro.columns sums, each in one piece ([panel of rows][panel of columns],
/// SumBlocks): rows that stood further apart would share few sets of the first cache. Walks k in
/// pieces whose panels fit the first cache, so that each is read from further away once per row or
/// column of panels. Between MicroUse's begin and end.
void multiply_block(const std::byte* a, std::int64_t rows, const PackedWeights& weights,
                    std::int64_t first, std::int64_t last, float* c);

}  // namespace pingjia::kernels

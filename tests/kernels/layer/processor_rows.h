#pragma once

#include <vector>

#include "kernels/processor/bf16.h"
#include "tests/kernels/cuda/guarded.h"

namespace pingjia::kernels::cuda {

/// A kernel's operand as the processor's functions take it.
inline std::vector<Bf16> as_rows(Guarded<Bf16Bits>& bits) {
  std::vector<Bf16> rows;
  for (std::int64_t i = 0; i < bits.size(); ++i) rows.push_back({bits[i]});
  return rows;
}

/// What those gave, to compare a kernel's results with.
inline std::vector<double> widened(const std::vector<Bf16>& rows) {
  std::vector<double> wide;
  for (const Bf16 value : rows) wide.push_back(to_float(value));
  return wide;
}

}  // namespace pingjia::kernels::cuda

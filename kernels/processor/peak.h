#pragma once

#include <cstdint>

#include "kernels/processor/isa.h"

namespace pingjia::kernels {

/// A loop of nothing but independent multiply-adds in registers: no kernel of that instruction set
/// can be faster. What the roofs of arithmetic are measured with.
struct Peak {
  const char* instruction;  ///< "tdpbf16ps"
  double flops_per_round;
  /// Runs `rounds` rounds. Returns a value that depends on all of them.
  float (*spin)(std::int64_t rounds);
};

/// For sums in fp32 of products of fp32, and of bf16.
const Peak& fp32_peak(Isa isa);
const Peak& bf16_peak(Isa isa);

}  // namespace pingjia::kernels

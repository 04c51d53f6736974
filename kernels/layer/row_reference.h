#pragma once

#include <span>
#include <vector>

#include "kernels/processor/bf16.h"

namespace pingjia::kernels {

/// Rows by their definitions in layer_rows.h, in double precision; for checks. Spans of one call
/// have one length, but for angles, of which there are half as many.
std::vector<double> rms_norm_reference(std::span<const Bf16> x, std::span<const Bf16> gain,
                                       double epsilon);
std::vector<double> swiglu_reference(std::span<const Bf16> gate, std::span<const Bf16> up);
std::vector<double> rope_reference(std::span<const Bf16> head, std::span<const float> cosines,
                                   std::span<const float> sines);

}  // namespace pingjia::kernels

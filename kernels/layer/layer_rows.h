#pragma once

#include <cstdint>

#include "kernels/processor/bf16.h"
#include "kernels/processor/isa.h"

namespace pingjia::kernels {

/// What a decoder layer does to single rows between its products, for one instruction set. All
/// arithmetic in fp32.
struct LayerRows {
  /// out = x / sqrt(mean(x^2) + epsilon) * gain (Zhang and Sennrich, "Root mean square layer
  /// normalization", 2019). out may be x.
  void (*rms_norm)(const Bf16* x, const Bf16* gain, std::int64_t width, float epsilon, Bf16* out);

  /// x += added, rounded; then as rms_norm.
  void (*add_rms_norm)(Bf16* x, const Bf16* added, const Bf16* gain, std::int64_t width,
                       float epsilon, Bf16* out);

  /// Rotates element i against element i + width / 2 by the angle whose cosine and sine stand at i
  /// (Su et al., "RoFormer", 2021, in the halves that GPT-NeoX and Llama's published code use).
  void (*rope)(Bf16* head, const float* cosines, const float* sines, std::int64_t width);

  /// out = silu(gate) * up.
  void (*swiglu)(const Bf16* gate, const Bf16* up, std::int64_t width, Bf16* out);

  /// One group of numbers to int8: scale = highest |x| / 127, out = x / scale, to the nearest. The
  /// scale of a group of zeros is 0.
  void (*quantize)(const Bf16* x, std::int64_t count, std::int8_t* out, float* scale);
};

const LayerRows& layer_rows(Isa isa);

}  // namespace pingjia::kernels

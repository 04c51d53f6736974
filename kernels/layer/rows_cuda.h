#pragma once

#include <cstdint>

#include "kernels/cuda/stream.h"

namespace pingjia::kernels::cuda {

/// What a decoder layer does to rows between its products, as layer/layer_rows.h says for the
/// processor. All pointers are the device's, on 16 bytes; bf16 by its bits; tensors dense and
/// row-major, their widths multiples of 8; arithmetic in fp32. Each puts its work on the stream in
/// one pass over memory, and throws std::invalid_argument for a width it does not have.

/// out = x / sqrt(mean(x^2) + epsilon) * gain, row by row. With `added`, of sum = x + added,
/// rounded, in x's place.
struct RmsNormCall {
  const std::uint16_t* x = nullptr;      ///< [rows, width]
  const std::uint16_t* added = nullptr;  ///< [rows, width] or null.
  std::uint16_t* sum = nullptr;          ///< [rows, width], may be x; not without `added`.
  const std::uint16_t* gain = nullptr;   ///< [width]
  std::uint16_t* out = nullptr;          ///< [rows, width]; may be x.
  int rows = 1;
  int width = 8;  ///< At most 16,384.
  float epsilon = 1e-5f;
};
void rms_norm(const RmsNormCall& call, Stream stream);

/// out = silu(gate) * up, silu(x) = x / (1 + e^-x).
struct SwiGluCall {
  const std::uint16_t* gate_up = nullptr;  ///< [rows, 2 width]: gate, then up.
  std::uint16_t* out = nullptr;            ///< [rows, width]
  int rows = 1;
  int width = 8;
};
void swiglu(const SwiGluCall& call, Stream stream);

/// out = x + added.
struct SumCall {
  const std::uint16_t* x = nullptr;
  const std::uint16_t* added = nullptr;
  std::uint16_t* out = nullptr;  ///< May be one of them.
  std::int64_t count = 0;        ///< Of numbers; a multiple of 8.
};
void sum_rows(const SumCall& call, Stream stream);

}  // namespace pingjia::kernels::cuda

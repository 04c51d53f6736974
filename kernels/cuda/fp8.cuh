#pragma once

#include <bit>
#include <cstdint>

#include "kernels/cuda/qualifiers.cuh"

namespace pingjia::kernels::cuda {

/// Eight-bit floats of four exponent and three mantissa bits by their bits: e4m3 of Micikevicius et
/// al., "FP8 formats for deep learning" (2022): up to 448, no infinity, NaN 0x7f.
using E4m3Bits = std::uint8_t;
constexpr float kMostE4m3 = 448;

#ifdef __CUDACC__
PINGJIA_DEVICE std::uint32_t float_bits(float value) {
  return __float_as_uint(value);
}
#else
inline std::uint32_t float_bits(float value) {
  return std::bit_cast<std::uint32_t>(value);
}
#endif

/// Rounded to nearest, ties to even; what is above 448 becomes 448. The same bits on every
/// architecture: sm_80 has no instruction for it. NaN stays NaN.
PINGJIA_DEVICE E4m3Bits to_e4m3(float value) {
  const std::uint32_t bits = float_bits(value);
  const std::uint32_t sign = bits >> 24 & 0x80, magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return 0x7f;
  std::uint32_t code = 0;
  if (magnitude < 0x3c800000) {
    // Below 2^-6 the step is 2^-9: its multiples are the last bits of 2^14 and they.
    const float shifted = (sign != 0 ? -value : value) + 16384.0F;
    code = float_bits(shifted) & 0xf;
  } else {
    // To three bits of mantissa; the exponent's bias from 127 to 7.
    const std::uint32_t rounded = magnitude + 0x7ffff + (magnitude >> 20 & 1);
    code = (rounded >> 20) - (120 << 3);
  }
  return static_cast<E4m3Bits>(sign | (code > 0x7e ? 0x7e : code));
}

/// What makes the largest magnitude of a group 448; 0 of one so small that its inverse would be no
/// number, whose values become zeros.
PINGJIA_DEVICE float inverse_scale(float most) {
  return most > 0x1p-100F ? kMostE4m3 / most : 0;
}

/// Exact.
inline float from_e4m3(E4m3Bits bits) {
  const int exponent = bits >> 3 & 0xf, mantissa = bits & 7;
  if ((bits & 0x7f) == 0x7f) return std::bit_cast<float>(0x7fc00000U);
  const float magnitude =
      exponent == 0 ? static_cast<float>(mantissa) / 512
                    : std::bit_cast<float>(static_cast<std::uint32_t>(exponent + 120) << 23 |
                                           static_cast<std::uint32_t>(mantissa) << 20);
  return (bits & 0x80) != 0 ? -magnitude : magnitude;
}

}  // namespace pingjia::kernels::cuda

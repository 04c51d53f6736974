#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "kernels/cuda/qualifiers.cuh"

namespace pingjia::kernels::cuda {

/// bfloat16 by its bits: the upper half of a float.
using Bf16Bits = std::uint16_t;

#ifdef __CUDACC__
PINGJIA_DEVICE float widen(Bf16Bits value) {
  return __uint_as_float(static_cast<std::uint32_t>(value) << 16);
}
/// Two floats to bf16, rounded to nearest even; `low` in the lower half.
PINGJIA_DEVICE std::uint32_t pack_bf16(float low, float high) {
  std::uint32_t packed;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));
  return packed;
}
/// a - b of two pairs, rounded once (PTX ISA 9.7.4, fma.rn.bf16x2; sm_80 has no subtraction).
PINGJIA_DEVICE std::uint32_t subtract_pairs(std::uint32_t a, std::uint32_t b) {
  std::uint32_t difference;
  asm("fma.rn.bf16x2 %0, %1, %2, %3;" : "=r"(difference) : "r"(b), "r"(0xbf80bf80u), "r"(a));
  return difference;
}
/// 2^x, to 2^-22 relative; exactly 0 for minus infinity (PTX ISA 9.7.3.22, ex2).
PINGJIA_DEVICE float exp2_fast(float x) {
  float power;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(power) : "f"(x));
  return power;
}
#else
inline float widen(Bf16Bits value) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value) << 16);
}
inline Bf16Bits narrow(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if (value != value) return 0x7fff;
  return static_cast<Bf16Bits>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}
inline std::uint32_t pack_bf16(float low, float high) {
  return narrow(low) | static_cast<std::uint32_t>(narrow(high)) << 16;
}
inline float exp2_fast(float x) {
  return std::exp2(x);
}
#endif

/// x / (1 + e^-x).
PINGJIA_DEVICE float silu(float x) {
  return x / (1 + exp2_fast(-1.44269504f * x));
}

PINGJIA_DEVICE float widen_low(std::uint32_t pair) {
  return widen(static_cast<Bf16Bits>(pair & 0xffff));
}
PINGJIA_DEVICE float widen_high(std::uint32_t pair) {
  return widen(static_cast<Bf16Bits>(pair >> 16));
}

/// Eight numbers of bf16, as one access moves them; on 16 bytes.
struct alignas(16) Eight {
  std::uint32_t pairs[4];
};
PINGJIA_DEVICE void widen(const Eight& from, float (&to)[8]) {
  PINGJIA_UNROLL
  for (int i = 0; i < 4; ++i) {
    to[2 * i] = widen_low(from.pairs[i]);
    to[2 * i + 1] = widen_high(from.pairs[i]);
  }
}
PINGJIA_DEVICE Eight pack_eight(const float (&from)[8]) {
  Eight packed;
  PINGJIA_UNROLL
  for (int i = 0; i < 4; ++i) packed.pairs[i] = pack_bf16(from[2 * i], from[2 * i + 1]);
  return packed;
}

#ifndef __CUDACC__
inline std::uint32_t subtract_pairs(std::uint32_t a, std::uint32_t b) {
  return pack_bf16(widen_low(a) - widen_low(b), widen_high(a) - widen_high(b));
}
#endif

}  // namespace pingjia::kernels::cuda

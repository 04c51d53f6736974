#pragma once

#include <bit>
#include <cstdint>

namespace pingjia::kernels {

/// The upper half of a float: 8 bits of exponent, 7 of mantissa. Always inlined, because files
/// compiled for other instruction sets include this too: a copy of theirs that the linker picks
/// would crash an older processor.
struct Bf16 {
  std::uint16_t bits = 0;
};

[[gnu::always_inline]] inline float to_float(Bf16 value) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value.bits) << 16);
}

/// So that a template of both types need not ask which it has.
[[gnu::always_inline]] inline float to_float(float value) {
  return value;
}

/// Rounds to nearest, ties to even; a NaN stays one.
[[gnu::always_inline]] inline Bf16 to_bf16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7fffffffU) > 0x7f800000U) return {static_cast<std::uint16_t>(bits >> 16 | 0x40U)};
  return {static_cast<std::uint16_t>((bits + 0x7fffU + (bits >> 16 & 1U)) >> 16)};
}

}  // namespace pingjia::kernels

#pragma once

#include <cstdint>

#include "kernels/cuda/bf16.cuh"

namespace pingjia::kernels::cuda {

/// Integers to bf16 without a conversion: as the low bits of a bf16 of 128, whose last place is
/// worth 1, from which what is too much is subtracted. Exact.

/// The A operand of a word of eight integers of 4 bits (WeightOnlyLayout): 128 + nibble, less 136.
PINGJIA_DEVICE void unpack_nibbles(std::uint32_t (&a)[4], std::uint32_t word) {
  PINGJIA_UNROLL
  for (int i = 0; i < 4; ++i) {
    a[i] = subtract_pairs((word >> 4 * i & 0x000f000fu) | 0x43004300u, 0x43084308u);
  }
}

/// Two registers of it, of four integers of 8 bits: 128 + the lower seven bits, less 128 or, where
/// the sign is set, 256: with it as its lowest exponent bit, 128 is that.
PINGJIA_DEVICE void unpack_bytes(std::uint32_t& even, std::uint32_t& odd, std::uint32_t word) {
  const std::uint32_t of_odd = word >> 8;
  even = subtract_pairs((word & 0x007f007fu) | 0x43004300u, (word & 0x00800080u) | 0x43004300u);
  odd = subtract_pairs((of_odd & 0x007f007fu) | 0x43004300u, (of_odd & 0x00800080u) | 0x43004300u);
}

}  // namespace pingjia::kernels::cuda

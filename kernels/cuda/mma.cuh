#pragma once

#include <cstdint>

#include "kernels/cuda/qualifiers.cuh"

namespace pingjia::kernels::cuda {

/// The tensor cores' warp-wide instructions of sm_80. All 32 lanes call each together. Layouts are
/// those of the PTX ISA 9.7.14 (warp-level matrix instructions); with g = lane / 4, t = lane % 4:
///   A, 16 x 16: a[0] rows g, columns 2t and 2t + 1; a[1] rows g + 8; a[2] and a[3] the same with
///     columns + 8;
///   B, 16 x 8: b0 rows 2t and 2t + 1 of column g; b1 rows + 8;
///   C and D, 16 x 8: [0], [1] row g, columns 2t and 2t + 1; [2], [3] row g + 8.
/// The lower half of a register holds the lower index.
#ifdef __CUDACC__
/// d += a b, products of bf16 summed in fp32 (mma.m16n8k16).
PINGJIA_DEVICE void multiply(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0,
                             std::uint32_t b1) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
      "{%8, %9}, {%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}
/// d += a b of e4m3, 16 x 32 by 32 x 8 (mma.m16n8k32): two stand, the lower first, where the
/// layouts above have one element. sm_89 and later; elsewhere the kernel ends with an error.
PINGJIA_DEVICE void multiply_e4m3([[maybe_unused]] float (&d)[4],
                                  [[maybe_unused]] const std::uint32_t (&a)[4],
                                  [[maybe_unused]] std::uint32_t b0,
                                  [[maybe_unused]] std::uint32_t b1) {
#if __CUDA_ARCH__ >= 890
  asm volatile(
      "mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e4m3.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
      "{%8, %9}, {%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#else
  __trap();
#endif
}
/// Four 8 x 8 matrices of 16-bit elements (ldmatrix.x4). Lane l gives the address in shared memory,
/// on 16 bytes, of row l % 8 of matrix l / 8, and gets of each matrix row g, columns 2t and 2t + 1.
PINGJIA_DEVICE void load_matrices(std::uint32_t (&to)[4], const void* row) {
  const auto from = static_cast<std::uint32_t>(__cvta_generic_to_shared(row));
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
               : "r"(from)
               : "memory");
}
/// The same of each matrix's transpose: rows 2t and 2t + 1 of column g.
PINGJIA_DEVICE void load_transposed(std::uint32_t (&to)[4], const void* row) {
  const auto from = static_cast<std::uint32_t>(__cvta_generic_to_shared(row));
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
               : "r"(from)
               : "memory");
}
#else
void multiply(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1);
void multiply_e4m3(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1);
void load_matrices(std::uint32_t (&to)[4], const void* row);
void load_transposed(std::uint32_t (&to)[4], const void* row);
#endif

}  // namespace pingjia::kernels::cuda

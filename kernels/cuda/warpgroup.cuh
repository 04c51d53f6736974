#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/cuda/hopper.cuh"

namespace pingjia::kernels::cuda {

/// Products of a warpgroup whose sums are tiles of eight columns, as mma.cuh's are: d[j][0] and
/// d[j][1] are row 16 warp + lane / 4, columns 8 j + 2 (lane % 4) and the next; d[j][2] and d[j][3]
/// row + 8. So what a warp does to the sums of mma.cuh it does to these.

/// Sixteen rows from row 16 `step` on of boxes that hold B itself, one box of `box_bytes` for each
/// 64 of its columns (the "MN-major" layout, PTX ISA 9.7.15.5.1.2.1: eight rows are one stride, 64
/// columns the other).
PINGJIA_DEVICE std::uint64_t rows_at(const std::byte* boxes, int step, int box_bytes) {
  return descriptor(boxes + 2048 * step, box_bytes, 1024);
}

#ifdef __CUDACC__
/// The compiler moves no use of these values across this line. It does not know that products run
/// on: without it, it may use sums before they are waited for, or prepare them too late.
template <int kTiles>
PINGJIA_DEVICE void pin(float (&values)[kTiles][4]) {
  PINGJIA_UNROLL
  for (int tile = 0; tile < kTiles; ++tile) {
    PINGJIA_UNROLL
    for (int i = 0; i < 4; ++i) asm volatile("" : "+f"(values[tile][i])::"memory");
  }
}
template <int kTiles>
PINGJIA_DEVICE void pin(std::uint32_t (&values)[kTiles][4]) {
  PINGJIA_UNROLL
  for (int tile = 0; tile < kTiles; ++tile) {
    PINGJIA_UNROLL
    for (int i = 0; i < 4; ++i) asm volatile("" : "+r"(values[tile][i])::"memory");
  }
}

#define PINGJIA_TILE(j) "+f"(d[j][0]), "+f"(d[j][1]), "+f"(d[j][2]), "+f"(d[j][3])
#define PINGJIA_EIGHT_TILES(j)                                                    \
  PINGJIA_TILE(j), PINGJIA_TILE(j + 1), PINGJIA_TILE(j + 2), PINGJIA_TILE(j + 3), \
      PINGJIA_TILE(j + 4), PINGJIA_TILE(j + 5), PINGJIA_TILE(j + 6), PINGJIA_TILE(j + 7)

/// d = a b^T, or d += a b^T with kAdds, for 64 rows of a and 128 of b, 16 columns of each, out of
/// shared memory (operand_at). By the warpgroup, as multiply_group.
template <bool kAdds>
PINGJIA_DEVICE void multiply_rows(float (&d)[16][4], std::uint64_t a, std::uint64_t b) {
  PINGJIA_SM90A(
      "wgmma.mma_async.sync.aligned.m64n128k16.f32.bf16.bf16 {"
      "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
      "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, "
      "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "
      "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63"
      "}, %64, %65, %66, 1, 1, 0, 0;"
      : PINGJIA_EIGHT_TILES(0), PINGJIA_EIGHT_TILES(8)
      : "l"(a), "l"(b), "n"(kAdds ? 1 : 0));
}

/// d += a b for 64 rows of a out of registers, each warp's 16 laid out as A in mma.cuh, and 64 or
/// 128 columns of b out of shared memory (rows_at). `a` must not change before wait_products.
PINGJIA_DEVICE void multiply_columns(float (&d)[8][4], const std::uint32_t (&a)[4],
                                     std::uint64_t b) {
  PINGJIA_SM90A(
      "wgmma.mma_async.sync.aligned.m64n64k16.f32.bf16.bf16 {"
      "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
      "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31"
      "}, {%32, %33, %34, %35}, %36, 1, 1, 1, 1;"
      : PINGJIA_EIGHT_TILES(0)
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b));
}
PINGJIA_DEVICE void multiply_columns(float (&d)[16][4], const std::uint32_t (&a)[4],
                                     std::uint64_t b) {
  PINGJIA_SM90A(
      "wgmma.mma_async.sync.aligned.m64n128k16.f32.bf16.bf16 {"
      "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
      "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, "
      "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "
      "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63"
      "}, {%64, %65, %66, %67}, %68, 1, 1, 1, 1;"
      : PINGJIA_EIGHT_TILES(0), PINGJIA_EIGHT_TILES(8)
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b));
}
#undef PINGJIA_EIGHT_TILES
#undef PINGJIA_TILE
#else
template <class T, int kTiles>
void pin(T (&)[kTiles][4]) {}
template <bool kAdds>
void multiply_rows(float (&d)[16][4], std::uint64_t a, std::uint64_t b) {
  multiply_together({.d = d[0], .columns = 128, .a = a, .b = b, .adds = kAdds});
}
template <int kTiles>
void multiply_columns(float (&d)[kTiles][4], const std::uint32_t (&a)[4], std::uint64_t b) {
  multiply_together({.d = d[0], .columns = 8 * kTiles, .a_registers = a, .b = b});
}
#endif

}  // namespace pingjia::kernels::cuda

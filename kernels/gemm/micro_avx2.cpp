#include <immintrin.h>

#include "kernels/gemm/micro_isa.h"

namespace pingjia::kernels {
namespace {

constexpr int kRows = 32, kColumns = 32, kDepth = 32;

/// Rows [0, R) and 8 columns of the block: even and odd neighbours of each pair apart, because
/// there is no product of pairs; a shift and a mask widen bf16 to fp32.
template <int R>
void bf16_rows(const unsigned short* a, const unsigned short* b, std::int64_t steps, float* c,
               std::int64_t stride, bool add, bool asks) {
  const __m256i upper = _mm256_set1_epi32(static_cast<int>(0xffff0000U));
  __m256 sums[R];
  for (int i = 0; i < R; ++i) {
    sums[i] = add ? _mm256_loadu_ps(c + i * stride) : _mm256_setzero_ps();
  }
  for (std::int64_t step = 0; step < steps; ++step, a += kRows * kDepth) {
    for (int pair = 0; pair < kDepth / 2; ++pair, b += kColumns * 2) {
      if (asks) {
        _mm_prefetch(reinterpret_cast<const char*>(b) + kAheadBytes, _MM_HINT_T1);
        _mm_prefetch(reinterpret_cast<const char*>(b + 32) + kAheadBytes, _MM_HINT_T1);
      }
      const __m256i both = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b));
      const __m256 even = _mm256_castsi256_ps(_mm256_slli_epi32(both, 16));
      const __m256 odd = _mm256_castsi256_ps(_mm256_and_si256(both, upper));
#pragma GCC unroll 8
      for (int i = 0; i < R; ++i) {
        int two;
        __builtin_memcpy(&two, a + i * kDepth + pair * 2, 4);
        const __m256i row = _mm256_set1_epi32(two);
        const __m256 first = _mm256_castsi256_ps(_mm256_slli_epi32(row, 16));
        const __m256 second = _mm256_castsi256_ps(_mm256_and_si256(row, upper));
        sums[i] = _mm256_fmadd_ps(second, odd, _mm256_fmadd_ps(first, even, sums[i]));
      }
    }
  }
  for (int i = 0; i < R; ++i) _mm256_storeu_ps(c + i * stride, sums[i]);
}

template <bool kAsks>
void multiply_bf16(const void* a, const void* b, std::int64_t steps, int live_rows, float* c,
                   std::int64_t stride, bool add) {
  const auto* left = static_cast<const unsigned short*>(a);
  const auto* right = static_cast<const unsigned short*>(b);
  for (int column = 0; column < kColumns; column += 8) {
    int row = 0;
    for (; live_rows - row > 4; row += 8) {
      bf16_rows<8>(left + row * kDepth, right + column * 2, steps, c + row * stride + column,
                   stride, add, kAsks && row + column == 0);
    }
    for (; row < live_rows; row += 2) {
      bf16_rows<2>(left + row * kDepth, right + column * 2, steps, c + row * stride + column,
                   stride, add, kAsks && row + column == 0);
    }
  }
}

constexpr int kFp32Rows = 6, kFp32Columns = 16;

template <bool kAsks>
void multiply_fp32(const void* a, const void* b, std::int64_t steps, int live_rows, float* c,
                   std::int64_t stride, bool add) {
  const auto* left = static_cast<const float*>(a);
  const auto* right = static_cast<const float*>(b);
  __m256 sums[kFp32Rows][2];
  for (int i = 0; i < kFp32Rows; ++i) {
    const bool load = add && i < live_rows;
    sums[i][0] = load ? _mm256_loadu_ps(c + i * stride) : _mm256_setzero_ps();
    sums[i][1] = load ? _mm256_loadu_ps(c + i * stride + 8) : _mm256_setzero_ps();
  }
  for (; steps > 0; --steps, left += kFp32Rows, right += kFp32Columns) {
    if (kAsks) _mm_prefetch(reinterpret_cast<const char*>(right) + kAheadBytes, _MM_HINT_T1);
    const __m256 first = _mm256_loadu_ps(right);
    const __m256 second = _mm256_loadu_ps(right + 8);
#pragma GCC unroll 6
    for (int i = 0; i < kFp32Rows; ++i) {
      const __m256 row = _mm256_set1_ps(left[i]);
      sums[i][0] = _mm256_fmadd_ps(row, first, sums[i][0]);
      sums[i][1] = _mm256_fmadd_ps(row, second, sums[i][1]);
    }
  }
  for (int i = 0; i < live_rows; ++i) {
    _mm256_storeu_ps(c + i * stride, sums[i][0]);
    _mm256_storeu_ps(c + i * stride + 8, sums[i][1]);
  }
}

}  // namespace

const Micro kAvx2Bf16Micro = {
    "avx2",  kRows,  kColumns, kDepth, 2, 2, 0, multiply_bf16<false>, multiply_bf16<true>,
    nullptr, nullptr};
const Micro kAvx2Fp32Micro = {
    "avx2",  kFp32Rows, kFp32Columns, 1, 1, 4, kFp32Rows, multiply_fp32<false>, multiply_fp32<true>,
    nullptr, nullptr};

}  // namespace pingjia::kernels

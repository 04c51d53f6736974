#include <immintrin.h>

#include "kernels/gemm/micro_isa.h"

namespace pingjia::kernels {
namespace {

constexpr int kRows = 32, kColumns = 32, kDepth = 32;

/// Rows [0, R) of the block, 2 R accumulators. `a` is the first of these rows in its panel.
template <int R, bool kAsks>
void bf16_rows(const unsigned short* a, const unsigned short* b, std::int64_t steps, float* c,
               std::int64_t stride, bool add) {
  __m512 sums[R][2];
  for (int i = 0; i < R; ++i) {
    sums[i][0] = add ? _mm512_loadu_ps(c + i * stride) : _mm512_setzero_ps();
    sums[i][1] = add ? _mm512_loadu_ps(c + i * stride + 16) : _mm512_setzero_ps();
  }
  for (std::int64_t step = 0; step < steps; ++step, a += kRows * kDepth) {
    for (int pair = 0; pair < kDepth / 2; ++pair, b += kColumns * 2) {
      if (kAsks) {
        _mm_prefetch(reinterpret_cast<const char*>(b) + kAheadBytes, _MM_HINT_T1);
        _mm_prefetch(reinterpret_cast<const char*>(b + 32) + kAheadBytes, _MM_HINT_T1);
      }
      const auto left = reinterpret_cast<__m512bh>(_mm512_loadu_si512(b));
      const auto right = reinterpret_cast<__m512bh>(_mm512_loadu_si512(b + 32));
#pragma GCC unroll 16
      for (int i = 0; i < R; ++i) {
        int both;
        __builtin_memcpy(&both, a + i * kDepth + pair * 2, 4);
        const auto row = reinterpret_cast<__m512bh>(_mm512_set1_epi32(both));
        sums[i][0] = _mm512_dpbf16_ps(sums[i][0], row, left);
        sums[i][1] = _mm512_dpbf16_ps(sums[i][1], row, right);
      }
    }
  }
  for (int i = 0; i < R; ++i) {
    _mm512_storeu_ps(c + i * stride, sums[i][0]);
    _mm512_storeu_ps(c + i * stride + 16, sums[i][1]);
  }
}

template <bool kAsks>
void multiply_bf16(const void* a, const void* b, std::int64_t steps, int live_rows, float* c,
                   std::int64_t stride, bool add) {
  const auto* left = static_cast<const unsigned short*>(a);
  const auto* right = static_cast<const unsigned short*>(b);
  int row = 0;
  if (kAsks) {  // Once: the rows after these read what they have brought.
    if (live_rows <= 2) return bf16_rows<2, true>(left, right, steps, c, stride, add);
    bf16_rows<8, true>(left, right, steps, c, stride, add);
    row = 8;
  }
  for (; live_rows - row > 4; row += 8) {
    bf16_rows<8, false>(left + row * kDepth, right, steps, c + row * stride, stride, add);
  }
  for (; row < live_rows; row += 2) {
    bf16_rows<2, false>(left + row * kDepth, right, steps, c + row * stride, stride, add);
  }
}

constexpr int kFp32Rows = 12, kFp32Columns = 32;

/// The first R rows of a panel. Fewer rows than a whole one: a step of decode must not pay for
/// more.
template <int R, bool kAsks>
void fp32_rows(const float* left, const float* right, std::int64_t steps, int live_rows, float* c,
               std::int64_t stride, bool add) {
  __m512 sums[R][2];
  for (int i = 0; i < R; ++i) {
    const bool load = add && i < live_rows;
    sums[i][0] = load ? _mm512_loadu_ps(c + i * stride) : _mm512_setzero_ps();
    sums[i][1] = load ? _mm512_loadu_ps(c + i * stride + 16) : _mm512_setzero_ps();
  }
  for (; steps > 0; --steps, left += kFp32Rows, right += kFp32Columns) {
    if (kAsks) {
      _mm_prefetch(reinterpret_cast<const char*>(right) + kAheadBytes, _MM_HINT_T1);
      _mm_prefetch(reinterpret_cast<const char*>(right + 16) + kAheadBytes, _MM_HINT_T1);
    }
    const __m512 first = _mm512_loadu_ps(right);
    const __m512 second = _mm512_loadu_ps(right + 16);
#pragma GCC unroll 12
    for (int i = 0; i < R; ++i) {
      const __m512 row = _mm512_set1_ps(left[i]);
      sums[i][0] = _mm512_fmadd_ps(row, first, sums[i][0]);
      sums[i][1] = _mm512_fmadd_ps(row, second, sums[i][1]);
    }
  }
  for (int i = 0; i < live_rows; ++i) {
    _mm512_storeu_ps(c + i * stride, sums[i][0]);
    _mm512_storeu_ps(c + i * stride + 16, sums[i][1]);
  }
}

template <bool kAsks>
void multiply_fp32(const void* a, const void* b, std::int64_t steps, int live_rows, float* c,
                   std::int64_t stride, bool add) {
  const auto* left = static_cast<const float*>(a);
  const auto* right = static_cast<const float*>(b);
  if (live_rows == 1) {
    fp32_rows<1, kAsks>(left, right, steps, live_rows, c, stride, add);
  } else if (live_rows <= 4) {
    fp32_rows<4, kAsks>(left, right, steps, live_rows, c, stride, add);
  } else {
    fp32_rows<kFp32Rows, kAsks>(left, right, steps, live_rows, c, stride, add);
  }
}

}  // namespace

const Micro kAvx512Bf16Micro = {
    "avx512", kRows,  kColumns, kDepth, 2, 2, 8, multiply_bf16<false>, multiply_bf16<true>,
    nullptr,  nullptr};
const Micro kAvx512Fp32Micro = {"avx512",
                                kFp32Rows,
                                kFp32Columns,
                                1,
                                1,
                                4,
                                kFp32Rows,
                                multiply_fp32<false>,
                                multiply_fp32<true>,
                                nullptr,
                                nullptr};

}  // namespace pingjia::kernels

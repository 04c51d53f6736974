#include <immintrin.h>

#include "kernels/processor/peak_isa.h"

namespace pingjia::kernels {
namespace {

constexpr int kSums = 16;

float sum_of(const __m512* sums) {
  __m512 total = sums[0];
  for (int i = 1; i < kSums; ++i) total = _mm512_add_ps(total, sums[i]);
  return _mm512_cvtss_f32(total);
}

float spin_fp32(std::int64_t rounds) {
  __m512 sums[kSums];
  for (__m512& sum : sums) sum = _mm512_setzero_ps();
  __m512 factor = _mm512_set1_ps(0.5F);
  for (; rounds > 0; --rounds) {
    asm volatile("" : "+v"(factor));
#pragma GCC unroll 16
    for (__m512& sum : sums) sum = _mm512_fmadd_ps(sum, factor, factor);
  }
  return sum_of(sums);
}

float spin_bf16(std::int64_t rounds) {
  __m512 sums[kSums];
  for (__m512& sum : sums) sum = _mm512_setzero_ps();
  __m512i halves = _mm512_set1_epi16(0x3f00);
  for (; rounds > 0; --rounds) {
    asm volatile("" : "+v"(halves));
    const auto pairs = reinterpret_cast<__m512bh>(halves);
#pragma GCC unroll 16
    for (__m512& sum : sums) sum = _mm512_dpbf16_ps(sum, pairs, pairs);
  }
  return sum_of(sums);
}

}  // namespace

const Peak kAvx512Fp32Peak = {"vfmadd zmm", kSums * 16 * 2, spin_fp32};
const Peak kAvx512Bf16Peak = {"vdpbf16ps zmm", kSums * 16 * 4, spin_bf16};

}  // namespace pingjia::kernels

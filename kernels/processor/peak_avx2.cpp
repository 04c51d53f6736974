#include <immintrin.h>

#include "kernels/processor/peak_isa.h"

namespace pingjia::kernels {
namespace {

constexpr int kSums = 12;  ///< Latency 4, two a cycle: 8 would do.

float spin(std::int64_t rounds) {
  __m256 sums[kSums];
  for (__m256& sum : sums) sum = _mm256_setzero_ps();
  __m256 factor = _mm256_set1_ps(0.5F);
  for (; rounds > 0; --rounds) {
    asm volatile("" : "+x"(factor));
#pragma GCC unroll 12
    for (__m256& sum : sums) sum = _mm256_fmadd_ps(sum, factor, factor);
  }
  __m256 total = sums[0];
  for (const __m256& sum : sums) total = _mm256_add_ps(total, sum);
  return _mm256_cvtss_f32(total);
}

}  // namespace

const Peak kAvx2Peak = {"vfmadd ymm", kSums * 8 * 2, spin};

}  // namespace pingjia::kernels

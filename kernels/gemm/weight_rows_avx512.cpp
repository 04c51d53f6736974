#include <immintrin.h>

#include "kernels/gemm/micro_isa.h"
#include "kernels/gemm/weight_rows_isa.h"

namespace pingjia::kernels {
namespace {

constexpr int kLines = 32;  ///< Of 32 elements, in a step.

/// Into the second cache from afar; from there into the first, where nothing else hides its
/// distance.
void ask(const std::byte* integers) {
  _mm_prefetch(reinterpret_cast<const char*>(integers) + kAheadBytes, _MM_HINT_T1);
  _mm_prefetch(reinterpret_cast<const char*>(integers) + kAheadBytes / 8, _MM_HINT_T0);
}

void unpack8(const std::byte* integers, int steps, Bf16* panel) {
  const auto float_of = [](const std::byte* from) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes));
  };
  for (int line = 0; line < steps * kLines; ++line, integers += 32, panel += 32) {
    if (line % 2 == 0) ask(integers);
    const auto both = _mm512_cvtne2ps_pbh(float_of(integers + 16), float_of(integers));
    _mm512_storeu_si512(panel, reinterpret_cast<__m512i>(both));
  }
}

/// vpermw looks each nibble up in a table of bf16. It reads the 5 lowest bits of a word; the table
/// stands there twice, so that the fifth, a neighbour's, does not matter.
void unpack4(const std::byte* integers, int steps, Bf16* panel) {
  alignas(64) Bf16 values[32];
  for (int i = 0; i < 32; ++i) values[i] = to_bf16(static_cast<float>(i % 16 - 8));
  const __m512i table = _mm512_load_si512(values);
  for (int four = 0; four < steps * kLines / 4; ++four, integers += 64, panel += 128) {
    ask(integers);
    const __m512i words = _mm512_loadu_si512(integers);
    _mm512_storeu_si512(panel, _mm512_permutexvar_epi16(words, table));
    _mm512_storeu_si512(panel + 32, _mm512_permutexvar_epi16(_mm512_srli_epi16(words, 4), table));
    _mm512_storeu_si512(panel + 64, _mm512_permutexvar_epi16(_mm512_srli_epi16(words, 8), table));
    _mm512_storeu_si512(panel + 96, _mm512_permutexvar_epi16(_mm512_srli_epi16(words, 12), table));
  }
}

void add_scaled(const float* sums, const Bf16* scales, int rows, float* to) {
  const auto float_of = [](const Bf16* from) {
    const __m256i half = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(half), 16));
  };
  const __m512 first = float_of(scales), second = float_of(scales + 16);
  for (int i = 0; i < rows; ++i, sums += 32, to += 32) {
    _mm512_storeu_ps(to, _mm512_fmadd_ps(_mm512_loadu_ps(sums), first, _mm512_loadu_ps(to)));
    _mm512_storeu_ps(to + 16,
                     _mm512_fmadd_ps(_mm512_loadu_ps(sums + 16), second, _mm512_loadu_ps(to + 16)));
  }
}

}  // namespace

const WeightRows kAvx512WeightRows = {unpack8, unpack4, add_scaled};

}  // namespace pingjia::kernels

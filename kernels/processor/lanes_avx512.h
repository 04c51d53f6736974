#pragma once

#include <immintrin.h>

#include "kernels/processor/bf16.h"

// Empty elsewhere: a function that returns such a vector is an error there.
#ifdef __AVX512BF16__

namespace pingjia::kernels {
namespace {

/// As lanes_portable.h says; for files compiled with AVX-512 and its BF16.
struct Sixteen {
  using Type = __m512;
  static constexpr int kLanes = 16;
  static Type load(const float* from) { return _mm512_loadu_ps(from); }
  static Type all(float value) { return _mm512_set1_ps(value); }
  static Type load_bf16(const Bf16* from) {
    const __m256i half = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(half), 16));
  }
  static void store(Type value, float* to) { _mm512_storeu_ps(to, value); }
  static Type max(Type a, Type b) { return _mm512_max_ps(a, b); }
  static Type min(Type a, Type b) { return _mm512_min_ps(a, b); }
  static Type add(Type a, Type b) { return _mm512_add_ps(a, b); }
  static Type mul(Type a, Type b) { return _mm512_mul_ps(a, b); }
  static Type div(Type a, Type b) { return _mm512_div_ps(a, b); }
  static Type fma(Type a, Type b, Type c) { return _mm512_fmadd_ps(a, b, c); }
  static Type round(Type value) { return _mm512_roundscale_ps(value, 8); }
  static Type power_of_whole(Type whole) {
    const __m512i biased = _mm512_add_epi32(_mm512_cvtps_epi32(whole), _mm512_set1_epi32(127));
    return _mm512_castsi512_ps(_mm512_slli_epi32(biased, 23));
  }
  /// 2^x by the cubic that is best on [0, 1) (Remez's exchange, relative error 7.5e-5), scaled by
  /// the processor: half of the instructions that the other lanes need. Minus infinity gives 0: its
  /// fraction is 0 (Intel's manual, VREDUCEPS).
  static Type fast_power_of_two(Type x) {
    constexpr int kFraction = 9;  // What is over the next lower whole number.
    const Type rest = _mm512_reduce_ps(x, kFraction);
    Type value = fma(all(0.0780245227F), rest, all(0.226067155F));
    value = fma(value, rest, all(0.69583354F));
    value = fma(value, rest, all(0.999925219F));
    return _mm512_scalef_ps(value, x);
  }
  static void store_bf16(Type value, Bf16* to) {
    const __m256bh narrow = _mm512_cvtneps_pbh(value);
    __builtin_memcpy(static_cast<void*>(to), &narrow, sizeof narrow);
  }
  static void store_int8(Type value, std::int8_t* to) {
    const __m128i narrow = _mm512_cvtsepi32_epi8(_mm512_cvtps_epi32(value));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), narrow);
  }
  static float highest(Type value) { return _mm512_reduce_max_ps(value); }
  static float total(Type value) { return _mm512_reduce_add_ps(value); }
};

}  // namespace
}  // namespace pingjia::kernels

#endif

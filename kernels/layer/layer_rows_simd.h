#pragma once

#include "kernels/layer/layer_rows.h"
#include "kernels/processor/lanes_math.h"

// layer_rows.h over the lanes V of one instruction set. What is left of a row after the last whole
// lanes goes one by one.

namespace pingjia::kernels {

template <class V>
[[gnu::always_inline]] inline float sum_of_squares(const Bf16* x, std::int64_t width) {
  auto sum = V::all(0.0F);
  std::int64_t i = 0;
  for (; i + V::kLanes <= width; i += V::kLanes) {
    const auto value = V::load_bf16(x + i);
    sum = V::fma(value, value, sum);
  }
  float total = V::total(sum);
  for (; i < width; ++i) total += to_float(x[i]) * to_float(x[i]);
  return total;
}

template <class V>
void rms_norm_row(const Bf16* x, const Bf16* gain, std::int64_t width, float epsilon, Bf16* out) {
  const float mean = sum_of_squares<V>(x, width) / static_cast<float>(width);
  const float factor = 1 / __builtin_sqrtf(mean + epsilon);
  const auto factors = V::all(factor);
  std::int64_t i = 0;
  for (; i + V::kLanes <= width; i += V::kLanes) {
    const auto scaled = V::mul(V::load_bf16(x + i), factors);
    V::store_bf16(V::mul(scaled, V::load_bf16(gain + i)), out + i);
  }
  for (; i < width; ++i) out[i] = to_bf16(to_float(x[i]) * factor * to_float(gain[i]));
}

template <class V>
void add_rms_norm_row(Bf16* x, const Bf16* added, const Bf16* gain, std::int64_t width,
                      float epsilon, Bf16* out) {
  std::int64_t i = 0;
  for (; i + V::kLanes <= width; i += V::kLanes) {
    V::store_bf16(V::add(V::load_bf16(x + i), V::load_bf16(added + i)), x + i);
  }
  for (; i < width; ++i) x[i] = to_bf16(to_float(x[i]) + to_float(added[i]));
  rms_norm_row<V>(x, gain, width, epsilon, out);
}

template <class V>
void rope_row(Bf16* head, const float* cosines, const float* sines, std::int64_t width) {
  const std::int64_t half = width / 2;
  Bf16* other = head + half;
  std::int64_t i = 0;
  for (; i + V::kLanes <= half; i += V::kLanes) {
    const auto x = V::load_bf16(head + i), y = V::load_bf16(other + i);
    const auto c = V::load(cosines + i), s = V::load(sines + i);
    V::store_bf16(V::fma(x, c, V::mul(V::mul(y, s), V::all(-1.0F))), head + i);
    V::store_bf16(V::fma(y, c, V::mul(x, s)), other + i);
  }
  for (; i < half; ++i) {
    const float x = to_float(head[i]), y = to_float(other[i]);
    head[i] = to_bf16(x * cosines[i] - y * sines[i]);
    other[i] = to_bf16(y * cosines[i] + x * sines[i]);
  }
}

template <class V>
void swiglu_row(const Bf16* gate, const Bf16* up, std::int64_t width, Bf16* out) {
  std::int64_t i = 0;
  for (; i + V::kLanes <= width; i += V::kLanes) {
    V::store_bf16(V::mul(silu<V>(V::load_bf16(gate + i)), V::load_bf16(up + i)), out + i);
  }
  for (; i < width; ++i) {
    const float g = to_float(gate[i]);
    out[i] = to_bf16(g / (1 + __builtin_expf(-g)) * to_float(up[i]));
  }
}

template <class V>
void quantize_row(const Bf16* x, std::int64_t count, std::int8_t* out, float* scale) {
  auto highest = V::all(0.0F);
  std::int64_t i = 0;
  for (; i + V::kLanes <= count; i += V::kLanes) {
    const auto value = V::load_bf16(x + i);
    highest = V::max(highest, V::max(value, V::mul(value, V::all(-1.0F))));
  }
  float most = V::highest(highest);
  for (; i < count; ++i) {
    const float value = __builtin_fabsf(to_float(x[i]));
    most = value > most ? value : most;
  }
  *scale = most / 127;
  const float factor = most > 0 ? 127 / most : 0;
  for (i = 0; i + V::kLanes <= count; i += V::kLanes) {
    V::store_int8(V::round(V::mul(V::load_bf16(x + i), V::all(factor))), out + i);
  }
  for (; i < count; ++i) {
    out[i] = static_cast<std::int8_t>(__builtin_rintf(to_float(x[i]) * factor));
  }
}

template <class V>
inline constexpr LayerRows kLayerRowsOf = {rms_norm_row<V>, add_rms_norm_row<V>, rope_row<V>,
                                           swiglu_row<V>, quantize_row<V>};

}  // namespace pingjia::kernels

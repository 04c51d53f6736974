#pragma once

#include <cstdint>

#include "kernels/attention/rows.h"

// The softmax of rows.h over a vector type V that rows_portable.cpp, rows_avx2.cpp and
// rows_avx512.cpp each define in an anonymous namespace, so that what is instantiated for one
// instruction set is never shared with another. V has Type, kLanes, kLowest (-infinity), and
// load, all, store, max, add, mul, fma (a b + c), round (to the nearest whole), power_of_two (of
// whole numbers from -127, which gives 0), store_bf16, highest and total (over the lanes).

namespace pingjia::kernels {

/// 2^x for x <= 0 with a relative error of 7.5e-5, under the 2e-3 of the rounding to bf16 that
/// follows: 2^(whole part) times the cubic that is best on [-1/2, 1/2] by Remez's exchange. 0 under
/// -126.5.
template <class V>
[[gnu::always_inline]] inline typename V::Type power_of_two_up_to_one(typename V::Type x) {
  const auto bounded = V::max(x, V::all(-127.0F));
  const auto whole = V::round(bounded);
  const auto rest = V::fma(whole, V::all(-1.0F), bounded);
  auto value = V::fma(V::all(0.0551716691F), rest, V::all(0.242611122F));
  value = V::fma(value, rest, V::all(0.693260985F));
  value = V::fma(value, rest, V::all(0.999928074F));
  return V::mul(value, V::power_of_two(whole));
}

/// What a row does not see becomes -infinity.
template <class V>
[[gnu::always_inline]] inline void hide_unseen(float* scores, int first, int last, int keys) {
  for (int key = 0; key < first; ++key) scores[key] = V::kLowest;
  for (int key = last; key < keys; ++key) scores[key] = V::kLowest;
}

template <class V>
[[gnu::always_inline]] inline float highest_of(const float* scores, int keys) {
  auto one = V::all(V::kLowest), two = one;
  for (int key = 0; key < keys; key += 2 * V::kLanes) {
    one = V::max(one, V::load(scores + key));
    two = V::max(two, V::load(scores + key + V::kLanes));
  }
  return V::highest(V::max(one, two));
}

/// Weights of one row, 32 of them in each panel depth; returns their sum.
template <class V>
[[gnu::always_inline]] inline float weigh(const float* scores, int keys, float scale, float highest,
                                          Bf16* weights) {
  const auto factor = V::all(scale);
  const auto shift = V::all(-highest);
  auto sum = V::all(0.0F);
  for (int depth = 0; depth < keys; depth += kPanelKeys) {
    Bf16* to = weights + depth * kQueryRows;
    for (int key = 0; key < kPanelKeys; key += V::kLanes) {
      const auto score = V::fma(V::load(scores + depth + key), factor, shift);
      const auto weight = power_of_two_up_to_one<V>(score);
      sum = V::add(sum, weight);
      V::store_bf16(weight, to + key);
    }
  }
  return V::total(sum);
}

template <class V>
[[gnu::always_inline]] inline void multiply_row(float* row, int width, float factor) {
  const auto factors = V::all(factor);
  for (int i = 0; i < width; i += V::kLanes) V::store(V::mul(V::load(row + i), factors), row + i);
}

template <class V>
void softmax_rows(SoftmaxRows& state, const SoftmaxBlock& block) {
  for (int row = 0; row < block.rows; ++row) {
    float* scores = block.scores + row * kKeyBlock;
    Bf16* weights = block.weights + row * kPanelKeys;
    hide_unseen<V>(scores, block.first[row], block.last[row], block.keys);
    const float before = state.highest[row];
    const float here = highest_of<V>(scores, block.keys) * block.scale;
    const float highest = here > before ? here : before;
    // A row that has seen no key yet: any shift will do, all its weights are 0.
    const float shift = highest == V::kLowest ? 0.0F : highest;
    if (highest > before && before != V::kLowest) {
      alignas(64) float shrink[V::kLanes];
      V::store(power_of_two_up_to_one<V>(V::all(before - highest)), shrink);
      state.sum[row] *= shrink[0];
      multiply_row<V>(block.out + row * block.out_stride, block.out_width, shrink[0]);
    }
    state.highest[row] = highest;
    state.sum[row] += weigh<V>(scores, block.keys, block.scale, shift, weights);
  }
}

template <class V>
void store_row(const float* sums, float factor, std::int64_t width, Bf16* out) {
  const auto factors = V::all(factor);
  std::int64_t i = 0;
  for (; i + V::kLanes <= width; i += V::kLanes) {
    V::store_bf16(V::mul(V::load(sums + i), factors), out + i);
  }
  for (; i < width; ++i) out[i] = to_bf16(sums[i] * factor);
}

}  // namespace pingjia::kernels

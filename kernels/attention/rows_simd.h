#pragma once

#include <cstdint>

#include "kernels/attention/rows.h"
#include "kernels/processor/lanes_math.h"

// The softmax of rows.h over the lanes V of one instruction set (processor/lanes_portable.h says
// what they have).

namespace pingjia::kernels {

inline constexpr float kUnseen = -__builtin_inff();

/// What a row does not see becomes -infinity.
template <class V>
[[gnu::always_inline]] inline void hide_unseen(float* scores, int first, int last, int keys) {
  for (int key = 0; key < first; ++key) scores[key] = kUnseen;
  for (int key = last; key < keys; ++key) scores[key] = kUnseen;
}

template <class V>
[[gnu::always_inline]] inline float highest_of(const float* scores, int keys) {
  auto one = V::all(kUnseen), two = one;
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
    const float shift = highest == kUnseen ? 0.0F : highest;
    if (highest > before && before != kUnseen) {
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

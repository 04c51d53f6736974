#pragma once

#include <cstdint>

#include "kernels/attention/rows.h"
#include "kernels/processor/lanes_math.h"

// The softmax of rows.h over the lanes V of one instruction set (processor/lanes_portable.h says
// what they have).

namespace pingjia::kernels {

inline constexpr float kUnseen = -__builtin_inff();
inline constexpr int kPanel = kQueryRows * kPanelKeys;

/// What a row does not see becomes -infinity. `scores` is the row's place in the first panel.
[[gnu::always_inline]] inline void hide_unseen(float* scores, int first, int last, int keys) {
  const auto at = [scores](int key) -> float& {
    return scores[key / kPanelKeys * kPanel + key % kPanelKeys];
  };
  for (int key = 0; key < first; ++key) at(key) = kUnseen;
  for (int key = last; key < keys; ++key) at(key) = kUnseen;
}

template <class V>
[[gnu::always_inline]] inline float highest_of(const float* scores, int keys) {
  auto highest = V::all(kUnseen);
  for (int panel = 0; panel * kPanelKeys < keys; ++panel, scores += kPanel) {
    for (int key = 0; key < kPanelKeys; key += V::kLanes) {
      highest = V::max(highest, V::load(scores + key));
    }
  }
  return V::highest(highest);
}

/// Weights of one row; returns their sum.
template <class V>
[[gnu::always_inline]] inline float weigh(const float* scores, int keys, float scale, float highest,
                                          Bf16* weights) {
  const auto factor = V::all(scale);
  const auto shift = V::all(-highest);
  auto sum = V::all(0.0F);
  for (int panel = 0; panel * kPanelKeys < keys; ++panel) {
    for (int key = 0; key < kPanelKeys; key += V::kLanes) {
      const int at = panel * kPanel + key;
      const auto score = V::fma(V::load(scores + at), factor, shift);
      const auto weight = power_of_two_up_to_one<V>(score);
      sum = V::add(sum, weight);
      V::store_bf16(weight, weights + at);
    }
  }
  return V::total(sum);
}

template <class V>
[[gnu::always_inline]] inline void multiply_row(float* row, std::int64_t panels, float factor) {
  const auto factors = V::all(factor);
  for (std::int64_t panel = 0; panel < panels; ++panel, row += kPanel) {
    for (int i = 0; i < kPanelKeys; i += V::kLanes) {
      V::store(V::mul(V::load(row + i), factors), row + i);
    }
  }
}

template <class V>
void softmax_rows(SoftmaxRows& state, const SoftmaxBlock& block) {
  for (int row = 0; row < block.rows; ++row) {
    float* scores = block.scores + row * kPanelKeys;
    hide_unseen(scores, block.first[row], block.last[row], block.keys);
    const float before = state.highest[row];
    const float here = highest_of<V>(scores, block.keys) * block.scale;
    const float highest = here > before ? here : before;
    // A row that has seen no key yet: any shift will do, all its weights are 0.
    const float shift = highest == kUnseen ? 0.0F : highest;
    if (highest > before && before != kUnseen) {
      alignas(64) float shrink[V::kLanes];
      V::store(power_of_two_up_to_one<V>(V::all(before - highest)), shrink);
      state.sum[row] *= shrink[0];
      multiply_row<V>(block.out + row * kPanelKeys, block.out_panels, shrink[0]);
    }
    state.highest[row] = highest;
    state.sum[row] +=
        weigh<V>(scores, block.keys, block.scale, shift, block.weights + row * kPanelKeys);
  }
}

}  // namespace pingjia::kernels

#include "kernels/gemm/quantized_weights.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

namespace pingjia::kernels {
namespace {

/// A step of a panel of bf16 is 32 lines of 32 elements (16 columns, two neighbours along k each).
/// Where an element stands: its line, and its place in the line.
struct Place {
  int line, at;
};

Place place_of(int column, int depth) {
  const int pair = depth % QuantizedWeights::kDepth / 2;
  return {depth / QuantizedWeights::kDepth * 32 + pair * 2 + column / 16,
          column % 16 * 2 + depth % 2};
}

// 4 bits: lines by fours, one in each nibble of 16-bit words; 8 is added, so that no sign is lost.
constexpr int kNibbleZero = 8;

std::byte* nibble_byte(std::byte* group, Place place) {
  return group + place.line / 4 * 64 + place.at * 2 + place.line % 4 / 2;
}

int largest(int bits) {
  return (1 << (bits - 1)) - 1;
}

}  // namespace

QuantizedWeights::QuantizedWeights(int bits, const Bf16* weights, std::int64_t columns,
                                   std::int64_t k, Threads& threads)
    : bits_(bits), columns_(columns), k_(k), data_(panels() * groups() * group_bytes()) {
  assert(bits == 8 || bits == 4);
  threads.run(panels(), [&](std::int64_t panel, int) {
    for (std::int64_t group = 0; group < groups(); ++group) quantize(weights, panel, group);
  });
}

void QuantizedWeights::quantize(const Bf16* weights, std::int64_t panel, std::int64_t group) {
  std::byte* to = data_.data() + (panel * groups() + group) * group_bytes();
  auto* scales = reinterpret_cast<Bf16*>(to + integer_bytes());
  std::memset(to, 0, static_cast<std::size_t>(integer_bytes()));
  const std::int64_t first = group * kGroup;
  const auto live = static_cast<int>(std::min<std::int64_t>(kGroup, k_ - first));
  for (int j = 0; j < kColumns; ++j) {
    const std::int64_t column = panel * kColumns + j;
    const Bf16* from = weights + column * k_ + first;
    const int count = column < columns_ ? live : 0;
    float most = 0;
    for (int i = 0; i < count; ++i) most = std::max(most, std::abs(to_float(from[i])));
    scales[j] = to_bf16(most / static_cast<float>(largest(bits_)));
    const float scale = to_float(scales[j]);
    for (int i = 0; i < kGroup; ++i) {
      const float value = i < count && scale > 0 ? to_float(from[i]) / scale : 0;
      const auto rounded = static_cast<int>(std::lround(value));
      set_integer(to, j, i, std::clamp(rounded, -largest(bits_), largest(bits_)));
    }
  }
}

void QuantizedWeights::set_integer(std::byte* group, int column, int depth, int value) const {
  const Place place = place_of(column, depth);
  if (bits_ == 8) {
    group[place.line * 32 + place.at] = static_cast<std::byte>(value);
  } else {
    *nibble_byte(group, place) |=
        static_cast<std::byte>((value + kNibbleZero) << (place.line % 2 * 4));
  }
}

int QuantizedWeights::integer_at(const std::byte* group, int column, int depth) const {
  const Place place = place_of(column, depth);
  if (bits_ == 8) {
    return static_cast<std::int8_t>(group[place.line * 32 + place.at]);
  }
  const auto both = std::to_integer<int>(*nibble_byte(const_cast<std::byte*>(group), place));
  return (both >> (place.line % 2 * 4) & 15) - kNibbleZero;
}

void QuantizedWeights::dequantize(std::int64_t column, float* out) const {
  for (std::int64_t at = 0; at < k_; ++at) {
    out[at] = static_cast<float>(integer(column, at)) * to_float(scale(column, at / kGroup));
  }
}

}  // namespace pingjia::kernels

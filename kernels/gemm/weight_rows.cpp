#include "kernels/gemm/weight_rows.h"

#include <cstddef>

#include "kernels/gemm/micro_isa.h"
#include "kernels/gemm/weight_rows_isa.h"

namespace pingjia::kernels {
namespace {

constexpr int kColumns = 32, kStep = 32 * 32;

void unpack8(const std::byte* integers, int steps, Bf16* panel) {
  for (int i = 0; i < steps * kStep; ++i) {
    if (i % 64 == 0) __builtin_prefetch(integers + i + kAheadBytes, 0, 2);
    panel[i] = to_bf16(static_cast<float>(static_cast<std::int8_t>(integers[i])));
  }
}

void unpack4(const std::byte* integers, int steps, Bf16* panel) {
  Bf16 values[16];
  for (int i = 0; i < 16; ++i) values[i] = to_bf16(static_cast<float>(i - 8));
  for (int four = 0; four < steps * 8; ++four, integers += 64, panel += 128) {
    __builtin_prefetch(integers + kAheadBytes, 0, 2);
    for (int i = 0; i < 32; ++i) {
      const auto low = std::to_integer<unsigned>(integers[i * 2]);
      const auto high = std::to_integer<unsigned>(integers[i * 2 + 1]);
      panel[i] = values[low & 15];
      panel[i + 32] = values[low >> 4];
      panel[i + 64] = values[high & 15];
      panel[i + 96] = values[high >> 4];
    }
  }
}

void add_scaled(const float* sums, const Bf16* scales, int rows, float* to) {
  for (int i = 0; i < rows; ++i) {
    for (int j = 0; j < kColumns; ++j) {
      to[i * kColumns + j] += sums[i * kColumns + j] * to_float(scales[j]);
    }
  }
}

}  // namespace

const WeightRows kPortableWeightRows = {unpack8, unpack4, add_scaled};

const WeightRows& weight_rows([[maybe_unused]] Isa isa) {
#ifdef __x86_64__
  // The compiler's own vectors serve AVX2: nothing there that a table in registers would gain.
  if (isa == Isa::kAvx512 || isa == Isa::kAmx) return kAvx512WeightRows;
#endif
  return kPortableWeightRows;
}

}  // namespace pingjia::kernels

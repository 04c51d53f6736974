#include "kernels/gemm/micro.h"

#include "kernels/gemm/micro_isa.h"
#include "kernels/processor/bf16.h"

namespace pingjia::kernels {
namespace {

constexpr int kRows = 32, kColumns = 32, kDepth = 32;
constexpr int kFp32Rows = 4, kFp32Columns = 16;

void multiply_bf16(const void* a, const void* b, std::int64_t steps, int live_rows, float* c,
                   std::int64_t stride, bool add) {
  const auto* left = static_cast<const Bf16*>(a);
  const auto* right = static_cast<const Bf16*>(b);
  for (int i = 0; i < live_rows; ++i) {
    for (int j = 0; j < kColumns; ++j) {
      float sum = add ? c[i * stride + j] : 0;
      for (std::int64_t step = 0; step < steps; ++step) {
        const Bf16* row = left + (step * kRows + i) * kDepth;
        const Bf16* block = right + step * kDepth * kColumns;
        for (int k = 0; k < kDepth; ++k) {
          sum += to_float(row[k]) * to_float(block[(k / 2 * kColumns + j) * 2 + k % 2]);
        }
      }
      c[i * stride + j] = sum;
    }
  }
}

void multiply_fp32(const void* a, const void* b, std::int64_t steps, int live_rows, float* c,
                   std::int64_t stride, bool add) {
  const auto* left = static_cast<const float*>(a);
  const auto* right = static_cast<const float*>(b);
  for (int i = 0; i < live_rows; ++i) {
    for (int j = 0; j < kFp32Columns; ++j) {
      float sum = add ? c[i * stride + j] : 0;
      for (std::int64_t k = 0; k < steps; ++k) {
        sum += left[k * kFp32Rows + i] * right[k * kFp32Columns + j];
      }
      c[i * stride + j] = sum;
    }
  }
}

constexpr Micro kPortableBf16 = {"portable", kRows,         kColumns,      kDepth,  2,      2,
                                 0,          multiply_bf16, multiply_bf16, nullptr, nullptr};
constexpr Micro kPortableFp32 = {"portable", kFp32Rows,     kFp32Columns,  1,       1,      4,
                                 0,          multiply_fp32, multiply_fp32, nullptr, nullptr};

}  // namespace

const Micro& bf16_micro([[maybe_unused]] Isa isa) {
#ifdef __x86_64__
  switch (isa) {
    case Isa::kPortable:
      break;
    case Isa::kAvx2:
      return kAvx2Bf16Micro;
    case Isa::kAvx512:
      return kAvx512Bf16Micro;
    case Isa::kAmx:
      return kAmxBf16Micro;
  }
#endif
  return kPortableBf16;
}

const Micro& fp32_micro([[maybe_unused]] Isa isa) {
#ifdef __x86_64__
  switch (isa) {
    case Isa::kPortable:
      break;
    case Isa::kAvx2:
      return kAvx2Fp32Micro;
    case Isa::kAvx512:
    case Isa::kAmx:
      return kAvx512Fp32Micro;
  }
#endif
  return kPortableFp32;
}

}  // namespace pingjia::kernels

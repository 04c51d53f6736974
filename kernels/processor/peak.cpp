#include "kernels/processor/peak.h"

#include "kernels/processor/peak_isa.h"

namespace pingjia::kernels {
namespace {

/// What the compiler's target has: on x86-64 four lanes, multiplied and added apart.
float spin_portable(std::int64_t rounds) {
  using Lanes = float __attribute__((vector_size(16)));
  constexpr int kSums = 8;
  Lanes sums[kSums] = {};
  Lanes factor = {0.5F, 0.5F, 0.5F, 0.5F};
  for (; rounds > 0; --rounds) {
    asm volatile("" : "+x"(factor));
    for (Lanes& sum : sums) sum = sum * factor + factor;
  }
  Lanes total = sums[0];
  for (const Lanes& sum : sums) total += sum;
  return total[0];
}

constexpr Peak kPortablePeak = {"mulps and addps", 8 * 4 * 2, spin_portable};

}  // namespace

const Peak& fp32_peak([[maybe_unused]] Isa isa) {
#ifdef __x86_64__
  if (isa >= Isa::kAvx512) return kAvx512Fp32Peak;
  if (isa == Isa::kAvx2) return kAvx2Peak;
#endif
  return kPortablePeak;
}

const Peak& bf16_peak([[maybe_unused]] Isa isa) {
#ifdef __x86_64__
  if (isa == Isa::kAmx) return kAmxBf16Peak;
  if (isa == Isa::kAvx512) return kAvx512Bf16Peak;
  if (isa == Isa::kAvx2) return kAvx2Peak;
#endif
  return kPortablePeak;
}

}  // namespace pingjia::kernels

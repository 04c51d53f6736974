#include "kernels/memory/bandwidth.h"

#include <gtest/gtest.h>

#include <array>

namespace pingjia::kernels {
namespace {

// Nine elements: four pairs and one left over, the two paths of the loop. One more behind them that
// must stay untouched.
constexpr std::size_t kCount = 9;
struct alignas(16) Numbers : std::array<double, kCount + 1> {
  std::span<double> used() { return std::span(*this).first(kCount); }
};

Numbers counting(double first) {
  Numbers numbers;
  for (std::size_t i = 0; i <= kCount; ++i) numbers[i] = first + static_cast<double>(i);
  return numbers;
}

TEST(Bandwidth, CopyWritesEveryElementAndNoMore) {
  Numbers in = counting(100), out = counting(-100);
  copy(in.used(), out.used());
  for (std::size_t i = 0; i < kCount; ++i) EXPECT_EQ(out[i], in[i]);
  EXPECT_EQ(out[kCount], -91);
}

TEST(Bandwidth, TriadAddsAMultiple) {
  Numbers a = counting(1), b = counting(10), out = counting(-100);
  triad(a.used(), b.used(), 3, out.used());
  for (std::size_t i = 0; i < kCount; ++i) EXPECT_EQ(out[i], 31 + 4 * static_cast<double>(i));
  EXPECT_EQ(out[kCount], -91);
}

TEST(Bandwidth, CountsTheBytesOfEveryArrayOnce) {
  EXPECT_EQ(copy_bytes(1000), 16'000);
  EXPECT_EQ(triad_bytes(1000), 24'000);
}

}  // namespace
}  // namespace pingjia::kernels

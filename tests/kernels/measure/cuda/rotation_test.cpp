#include "kernels/measure/cuda/rotation.h"

#include <gtest/gtest.h>

#include <vector>

namespace pingjia::kernels::cuda {
namespace {

constexpr std::int64_t kMega = std::int64_t{1} << 20;

TEST(RotatedCopies, ReachFiveTimesTheL2) {
  EXPECT_EQ(rotated_copies(10 * kMega, 60 * kMega, 100000 * kMega), 30);
  EXPECT_EQ(rotated_copies(299 * kMega, 60 * kMega, 100000 * kMega), 2);
  EXPECT_EQ(rotated_copies(300 * kMega, 60 * kMega, 100000 * kMega), 1);
}

TEST(RotatedCopies, FitTheMemoryAndTheQueue) {
  EXPECT_EQ(rotated_copies(100 * kMega, 96 * kMega, 250 * kMega), 2);
  EXPECT_EQ(rotated_copies(100 * kMega, 96 * kMega, 50 * kMega), 1);
  EXPECT_EQ(rotated_copies(1, 96 * kMega, 250 * kMega), kMostQueued);
  EXPECT_EQ(rotated_copies(0, 96 * kMega, 250 * kMega), kMostQueued);
}

TEST(CallsOfSample, LastTwoHundredMicroseconds) {
  EXPECT_EQ(calls_of_sample(1e-3), 1);
  EXPECT_EQ(calls_of_sample(150e-6), 2);
  EXPECT_EQ(calls_of_sample(3e-6), 67);
  EXPECT_EQ(calls_of_sample(1e-9), kMostQueued);
  EXPECT_EQ(calls_of_sample(0), kMostQueued);
}

TEST(IsAllZero, SeesOneByte) {
  std::vector<std::byte> bytes(1000);
  EXPECT_TRUE(is_all_zero(bytes));
  bytes.back() = std::byte{1};
  EXPECT_FALSE(is_all_zero(bytes));
}

}  // namespace
}  // namespace pingjia::kernels::cuda

#include "kernels/processor/bf16.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace pingjia::kernels {
namespace {

float there_and_back(float value) {
  return to_float(to_bf16(value));
}

TEST(Bf16, KeepsWhatItCanHold) {
  for (const float value : {0.0F, -0.0F, 1.0F, -2.5F, 0x1.fep127F, 0x1p-126F}) {
    EXPECT_EQ(there_and_back(value), value);
    EXPECT_EQ(std::signbit(there_and_back(value)), std::signbit(value));
  }
}

TEST(Bf16, RoundsToNearestAndTiesToEven) {
  EXPECT_EQ(there_and_back(0x1.01p0F), 0x1.00p0F);    // A tie, down to the even one.
  EXPECT_EQ(there_and_back(0x1.03p0F), 0x1.04p0F);    // A tie, up to the even one.
  EXPECT_EQ(there_and_back(0x1.0101p0F), 0x1.02p0F);  // Just over a tie.
  EXPECT_EQ(there_and_back(0x1.00ffp0F), 0x1.00p0F);  // Just under one.
}

TEST(Bf16, KeepsNanAndInfinity) {
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(there_and_back(-infinity), -infinity);
  EXPECT_EQ(there_and_back(std::numeric_limits<float>::max()), infinity);
  EXPECT_TRUE(std::isnan(there_and_back(std::numeric_limits<float>::quiet_NaN())));
  // A NaN whose set bits are all in the half that is cut off.
  EXPECT_TRUE(std::isnan(there_and_back(std::bit_cast<float>(0x7f800001U))));
}

}  // namespace
}  // namespace pingjia::kernels

#include "kernels/closeness.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace pingjia::kernels {
namespace {

TEST(Closeness, IsTheLargestDifference) {
  const std::vector<float> actual{1, 2, 3};
  const std::vector<double> expected{1, 2.5, 2.75};
  EXPECT_DOUBLE_EQ(largest_difference(actual, expected), 0.5);
}

TEST(Closeness, NothingThatIsNotFiniteOrNotThereIsClose) {
  const std::vector<double> expected{1, 2};
  EXPECT_TRUE(std::isinf(largest_difference(std::vector<float>{1, NAN}, expected)));
  EXPECT_TRUE(std::isinf(largest_difference(std::vector<float>{1, INFINITY}, expected)));
  EXPECT_TRUE(std::isinf(largest_difference(std::vector<float>{1}, expected)));
}

}  // namespace
}  // namespace pingjia::kernels

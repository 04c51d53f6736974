#include "kernels/measure/guarded.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace pingjia::kernels {
namespace {

TEST(Guarded, BeginsAsNanAndSeesWritesBesideIt) {
  Guarded memory(10 * std::int64_t{sizeof(float)});
  for (const float value : memory.span<float>()) EXPECT_TRUE(std::isnan(value));
  for (const Bf16 value : memory.span<Bf16>()) EXPECT_TRUE(std::isnan(to_float(value)));
  std::fill_n(memory.as<float>(), 10, 0.0F);
  EXPECT_TRUE(memory.is_intact());
  memory.as<float>()[10] = 0;
  EXPECT_FALSE(memory.is_intact());
}

TEST(Guarded, SeesWritesBeforeIt) {
  Guarded memory(64);
  memory.as<float>()[-1] = 0;
  EXPECT_FALSE(memory.is_intact());
}

TEST(FillNormals, HasMeanZeroAndTheScaleAsDeviation) {
  std::vector<float> values(1 << 21);
  fill_normals(std::span(values), "s", 3);
  double sum = 0, squares = 0;
  for (const float value : values) {
    sum += static_cast<double>(value);
    squares += static_cast<double>(value) * static_cast<double>(value);
  }
  const auto count = static_cast<double>(values.size());
  EXPECT_NEAR(sum / count, 0, 0.02);
  EXPECT_NEAR(std::sqrt(squares / count), 3, 0.02);
}

TEST(FillNormals, IsTheSameForTheSameStreamOnly) {
  std::vector<float> one(1000), same(1000), other(1000);
  fill_normals(std::span(one), "a");
  fill_normals(std::span(same), "a");
  fill_normals(std::span(other), "b");
  EXPECT_EQ(one, same);
  EXPECT_NE(one, other);
}

}  // namespace
}  // namespace pingjia::kernels

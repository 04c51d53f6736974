#include "kernels/layer/row_reference.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pingjia::kernels {
namespace {

std::vector<Bf16> row(std::initializer_list<float> values) {
  std::vector<Bf16> made;
  for (const float value : values) made.push_back(to_bf16(value));
  return made;
}

TEST(RowReference, NormalizesByTheRootMeanSquare) {
  // The mean of the squares is 16, and with epsilon 25.
  const auto out = rms_norm_reference(row({4, -4}), row({1, 2}), 9);
  EXPECT_EQ(out, (std::vector<double>{4.0 / 5, -8.0 / 5}));
}

TEST(RowReference, GatesBySilu) {
  const auto out = swiglu_reference(row({0, 1, -200}), row({7, 3, 1}));
  EXPECT_EQ(out[0], 0);
  EXPECT_NEAR(out[1], 3 / (1 + std::exp(-1.0)), 1e-12);
  EXPECT_NEAR(out[2], 0, 1e-80);
}

TEST(RowReference, TurnsHalvesAgainstEachOther) {
  // By a quarter turn, and by none.
  const std::vector<float> cosines = {0, 1}, sines = {1, 0};
  EXPECT_EQ(rope_reference(row({1, 2, 3, 4}), cosines, sines), (std::vector<double>{-3, 2, 1, 4}));
}

}  // namespace
}  // namespace pingjia::kernels

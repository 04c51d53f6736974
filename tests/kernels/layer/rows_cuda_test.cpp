#include "kernels/layer/rows_cuda.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "kernels/layer/layer_rows.h"
#include "tests/kernels/cuda/emulator.h"
#include "tests/kernels/cuda/guarded.h"
#include "tests/kernels/layer/processor_rows.h"

namespace pingjia::kernels::cuda {
namespace {

void expect_norm(int rows, int width, bool adds) {
  const std::int64_t count = std::int64_t{rows} * width;
  Guarded<Bf16Bits> x(count), added(count), gain(width), out(count);
  fill_normal(x, 3, "x"), fill_normal(added, 3, "added"), fill_normal(gain, 3, "gain");
  auto expected_x = as_rows(x), added_rows = as_rows(added), gains = as_rows(gain);
  std::vector<Bf16> expected(expected_x.size());
  for (int row = 0; row < rows; ++row) {
    const std::int64_t at = std::int64_t{row} * width;
    const LayerRows& ops = layer_rows(Isa::kPortable);
    if (adds) {
      ops.add_rms_norm(&expected_x[static_cast<std::size_t>(at)],
                       &added_rows[static_cast<std::size_t>(at)], gains.data(), width, 0.25f,
                       &expected[static_cast<std::size_t>(at)]);
    } else {
      ops.rms_norm(&expected_x[static_cast<std::size_t>(at)], gains.data(), width, 0.25f,
                   &expected[static_cast<std::size_t>(at)]);
    }
  }
  rms_norm({.x = x.data(),
            .added = adds ? added.data() : nullptr,
            .sum = adds ? x.data() : nullptr,
            .gain = gain.data(),
            .out = out.data(),
            .rows = rows,
            .width = width,
            .epsilon = 0.25f},
           nullptr);
  EXPECT_LT(relative_error(out, widened(expected)), 1e-3) << rows << " rows of " << width;
  EXPECT_EQ(relative_error(x, widened(expected_x)), 0) << rows << " rows of " << width;
}

TEST(RowsCuda, NormalizeByTheRootMeanSquare) {
  for (const int width : {8, 264, 2048, 2056, 4104, 8200, 16384}) {
    expect_norm(3, width, false);
    expect_norm(2, width, true);
  }
  expect_norm(0, 64, false);
}

TEST(RowsCuda, NormalizeInPlace) {
  Guarded<Bf16Bits> x(16), gain(16);
  fill_normal(gain, 3, "gain");
  for (int i = 0; i < 16; ++i) x[i] = narrow(i % 2 == 0 ? 3.0f : -3.0f);
  rms_norm({.x = x.data(), .gain = gain.data(), .out = x.data(), .width = 16, .epsilon = 0},
           nullptr);
  for (int i = 0; i < 16; ++i) EXPECT_EQ(widen(x[i]), (i % 2 == 0 ? 1 : -1) * widen(gain[i]));
}

TEST(RowsCuda, GateBySilu) {
  for (const int width : {8, 136, 2056}) {
    constexpr int kRows = 3;
    Guarded<Bf16Bits> gate_up(std::int64_t{kRows} * 2 * width), out(std::int64_t{kRows} * width);
    fill_normal(gate_up, 3, "gate_up", 3);
    // Far out on both sides too: no overflow to NaN.
    gate_up[0] = narrow(-300), gate_up[1] = narrow(300);
    const auto in = as_rows(gate_up);
    std::vector<Bf16> expected(static_cast<std::size_t>(out.size()));
    for (std::size_t row = 0; row < kRows; ++row) {
      const auto each = static_cast<std::size_t>(width);
      const Bf16* gate = &in[2 * row * each];
      layer_rows(Isa::kPortable).swiglu(gate, gate + each, width, &expected[row * each]);
    }
    swiglu({.gate_up = gate_up.data(), .out = out.data(), .rows = kRows, .width = width}, nullptr);
    EXPECT_LT(relative_error(out, widened(expected)), 1e-3) << width;
  }
}

TEST(RowsCuda, AddInPlace) {
  Guarded<Bf16Bits> x(2056), added(2056);
  fill_normal(x, 3, "x"), fill_normal(added, 3, "added");
  std::vector<double> expected;
  for (int i = 0; i < 2056; ++i) expected.push_back(widen(narrow(widen(x[i]) + widen(added[i]))));
  sum_rows({.x = x.data(), .added = added.data(), .out = x.data(), .count = 2056}, nullptr);
  EXPECT_EQ(relative_error(x, expected), 0);
}

TEST(RowsCuda, RefuseWhatTheyDoNotHave) {
  EXPECT_THROW(rms_norm({.width = 12}, nullptr), std::invalid_argument);
  EXPECT_THROW(rms_norm({.width = 16392}, nullptr), std::invalid_argument);
  EXPECT_THROW(swiglu({.width = 4}, nullptr), std::invalid_argument);
  EXPECT_THROW(sum_rows({.count = 4}, nullptr), std::invalid_argument);
}

}  // namespace
}  // namespace pingjia::kernels::cuda

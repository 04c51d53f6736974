#include "kernels/layer/layer_rows.h"

#include <gtest/gtest.h>

#include <cmath>

#include "kernels/closeness.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels {
namespace {

constexpr std::int64_t kWidths[] = {1, 2, 15, 16, 17, 64, 130};

double wide(Bf16 value) {
  return static_cast<double>(to_float(value));
}

struct Rows {
  explicit Rows(std::int64_t width) : x(width * 2), y(width * 2), out(width * 2) {
    fill_normals(x.span<Bf16>(), "x");
    fill_normals(y.span<Bf16>(), "y");
  }
  void expect(const Guarded& result, const std::vector<double>& expected, Isa isa) const {
    std::vector<float> actual;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      actual.push_back(to_float(result.as<Bf16>()[i]));
    }
    const auto difference = difference_over(actual, expected, kBf16Tolerance);
    EXPECT_FALSE(difference) << name(isa) << " width " << expected.size() << ": "
                             << difference.value_or("");
    EXPECT_TRUE(x.is_intact() && y.is_intact() && out.is_intact());
  }
  Guarded x, y, out;
};

/// Runs `test` for each width and each instruction set that is here.
template <class Test>
void everywhere(Test test) {
  for (const Isa isa : kEveryIsa) {
    for (const std::int64_t width : kWidths) {
      if (is_here(isa)) test(isa, width);
    }
  }
}

std::vector<double> normed(const Guarded& x, const Guarded& gain, std::int64_t width,
                           double epsilon) {
  double squares = 0;
  for (std::int64_t i = 0; i < width; ++i) squares += std::pow(wide(x.as<Bf16>()[i]), 2);
  std::vector<double> expected;
  for (std::int64_t i = 0; i < width; ++i) {
    expected.push_back(wide(x.as<Bf16>()[i]) /
                       std::sqrt(squares / static_cast<double>(width) + epsilon) *
                       wide(gain.as<Bf16>()[i]));
  }
  return expected;
}

TEST(LayerRows, NormalizeByTheRootMeanSquare) {
  everywhere([](Isa isa, std::int64_t width) {
    Rows rows(width);
    layer_rows(isa).rms_norm(rows.x.as<Bf16>(), rows.y.as<Bf16>(), width, 0.25F,
                             rows.out.as<Bf16>());
    rows.expect(rows.out, normed(rows.x, rows.y, width, 0.25), isa);
  });
}

TEST(LayerRows, AddBeforeTheyNormalize) {
  everywhere([](Isa isa, std::int64_t width) {
    Rows rows(width);
    std::vector<double> sums;
    for (std::int64_t i = 0; i < width; ++i) {
      sums.push_back(wide(rows.x.as<Bf16>()[i]) + wide(rows.y.as<Bf16>()[i]));
    }
    layer_rows(isa).add_rms_norm(rows.x.as<Bf16>(), rows.y.as<Bf16>(), rows.y.as<Bf16>(), width,
                                 0.25F, rows.out.as<Bf16>());
    rows.expect(rows.x, sums, isa);
    rows.expect(rows.out, normed(rows.x, rows.y, width, 0.25), isa);
  });
}

TEST(LayerRows, RotateHalvesAgainstEachOther) {
  everywhere([](Isa isa, std::int64_t width) {
    if (width % 2 == 1) return;
    Rows rows(width);
    std::vector<float> cosines, sines;
    std::vector<double> expected(static_cast<std::size_t>(width));
    for (std::int64_t i = 0; i < width / 2; ++i) {
      const double angle = 0.3 * static_cast<double>(i) + 0.1;
      cosines.push_back(static_cast<float>(std::cos(angle)));
      sines.push_back(static_cast<float>(std::sin(angle)));
      const double x = wide(rows.x.as<Bf16>()[i]), y = wide(rows.x.as<Bf16>()[i + width / 2]);
      expected[static_cast<std::size_t>(i)] = x * std::cos(angle) - y * std::sin(angle);
      expected[static_cast<std::size_t>(i + width / 2)] = y * std::cos(angle) + x * std::sin(angle);
    }
    layer_rows(isa).rope(rows.x.as<Bf16>(), cosines.data(), sines.data(), width);
    rows.expect(rows.x, expected, isa);
  });
}

TEST(LayerRows, GateBySilu) {
  everywhere([](Isa isa, std::int64_t width) {
    Rows rows(width);
    // Far out on both sides too: no overflow to NaN.
    rows.x.as<Bf16>()[0] = to_bf16(-300);
    rows.x.as<Bf16>()[width - 1] = to_bf16(width == 1 ? -300 : 300);
    std::vector<double> expected;
    for (std::int64_t i = 0; i < width; ++i) {
      const double x = wide(rows.x.as<Bf16>()[i]);
      expected.push_back(x / (1 + std::exp(-x)) * wide(rows.y.as<Bf16>()[i]));
    }
    layer_rows(isa).swiglu(rows.x.as<Bf16>(), rows.y.as<Bf16>(), width, rows.out.as<Bf16>());
    if (width == 1) {
      EXPECT_NEAR(to_float(rows.out.as<Bf16>()[0]), 0, 1e-20);
    } else {
      rows.expect(rows.out, expected, isa);
    }
  });
}

TEST(LayerRows, QuantizeAGroupToItsHighest) {
  everywhere([](Isa isa, std::int64_t width) {
    Rows rows(width);
    Guarded out(width);
    float scale = 0;
    layer_rows(isa).quantize(rows.x.as<Bf16>(), width, out.as<std::int8_t>(), &scale);
    double highest = 0;
    for (std::int64_t i = 0; i < width; ++i) {
      highest = std::max(highest, std::abs(wide(rows.x.as<Bf16>()[i])));
    }
    EXPECT_FLOAT_EQ(scale, static_cast<float>(highest / 127));
    for (std::int64_t i = 0; i < width; ++i) {
      const double back =
          static_cast<double>(out.as<std::int8_t>()[i]) * static_cast<double>(scale);
      EXPECT_NEAR(back, wide(rows.x.as<Bf16>()[i]), 0.5001 * static_cast<double>(scale));
    }
    EXPECT_TRUE(out.is_intact());
  });
}

TEST(LayerRows, QuantizeZerosToZeros) {
  everywhere([](Isa isa, std::int64_t width) {
    const std::vector<Bf16> zeros(static_cast<std::size_t>(width));
    std::vector<std::int8_t> out(static_cast<std::size_t>(width), 1);
    float scale = 1;
    layer_rows(isa).quantize(zeros.data(), width, out.data(), &scale);
    EXPECT_EQ(scale, 0);
    EXPECT_EQ(out, std::vector<std::int8_t>(static_cast<std::size_t>(width), 0));
  });
}

}  // namespace
}  // namespace pingjia::kernels

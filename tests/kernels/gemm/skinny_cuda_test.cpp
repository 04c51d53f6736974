#include "kernels/gemm/skinny_cuda.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "tests/kernels/cuda/emulator.h"
#include "tests/kernels/cuda/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

/// A call with its operands, and what it should leave.
class Product {
 public:
  Product(const SkinnyGemmCall& shape, bool adds)
      : call_(shape),
        a_(std::int64_t{shape.rows} * shape.k),
        weights_(std::int64_t{shape.columns} * shape.k),
        added_(std::int64_t{shape.rows} * shape.columns),
        out_(added_.size()),
        scratch_(skinny_gemm_scratch(shape)) {
    fill_normal(a_, 5, "a"), fill_normal(weights_, 5, "weights", 0.1), fill_normal(added_, 5, "x");
    call_.a = a_.data(), call_.weights = weights_.data(), call_.out = out_.data();
    call_.added = adds ? added_.data() : nullptr;
    call_.scratch = scratch_.data();
  }

  double error() {
    skinny_gemm(call_, nullptr);
    std::vector<double> expected;
    for (int row = 0; row < call_.rows; ++row) {
      for (int column = 0; column < call_.columns; ++column) {
        double sum = call_.added != nullptr ? widen(added_[row * call_.columns + column]) : 0;
        for (int i = 0; i < call_.k; ++i) {
          sum += double{widen(a_[row * call_.k + i])} * widen(weights_[column * call_.k + i]);
        }
        expected.push_back(sum);
      }
    }
    return relative_error(out_, expected);
  }

  std::vector<Bf16Bits> out() { return {out_.data(), out_.data() + out_.size()}; }

 private:
  SkinnyGemmCall call_;
  Guarded<Bf16Bits> a_, weights_, added_, out_;
  Guarded<float> scratch_;
};

TEST(SkinnyGemmCuda, MultipliesUglyShapes) {
  const SkinnyGemmCall shapes[] = {
      {.rows = 1, .columns = 16, .k = 32},   {.rows = 1, .columns = 1, .k = 8},
      {.rows = 7, .columns = 33, .k = 264},  {.rows = 8, .columns = 24, .k = 1032},
      {.rows = 9, .columns = 31, .k = 2056}, {.rows = 16, .columns = 72, .k = 136},
      {.rows = 13, .columns = 5, .k = 24},   {.rows = 2, .columns = 17, .k = 4096},
  };
  for (SkinnyGemmCall shape : shapes) {
    for (const int splits : {1, 2, 3, 7}) {
      shape.splits = splits;
      EXPECT_LT(Product(shape, splits % 2 == 1).error(), 4e-3)
          << shape.rows << " " << shape.columns << " " << shape.k << " by " << splits;
    }
  }
}

TEST(SkinnyGemmCuda, AddsWhatStandsInItsOutput) {
  Guarded<Bf16Bits> a(8), weights(8), out(1);
  for (int i = 0; i < 8; ++i) a[i] = narrow(1), weights[i] = narrow(2);
  out[0] = narrow(5);
  skinny_gemm({.a = a.data(),
               .weights = weights.data(),
               .added = out.data(),
               .out = out.data(),
               .columns = 1},
              nullptr);
  EXPECT_EQ(widen(out[0]), 21);
}

TEST(SkinnyGemmCuda, GivesTheSameBitsInAnyOrderOfTheThreads) {
  const SkinnyGemmCall shape{.rows = 3, .columns = 40, .k = 3000, .splits = 3};
  std::vector<std::vector<Bf16Bits>> outs;
  for (const std::uint64_t seed : {1, 2}) {
    set_emulation_seed(seed);
    Product run(shape, true);
    EXPECT_LT(run.error(), 4e-3);
    outs.push_back(run.out());
  }
  EXPECT_EQ(outs[0], outs[1]);
}

TEST(SkinnyGemmCuda, SplitsWhereColumnsAreFew) {
  EXPECT_EQ(skinny_gemm_splits(1, 4096, 14336, 132), 1);
  EXPECT_EQ(skinny_gemm_splits(1, 1024, 4096, 132), 2);
  EXPECT_EQ(skinny_gemm_splits(1, 64, 4096, 132), 4);
  EXPECT_EQ(skinny_gemm_splits(16, 1024, 4096, 132), 4);
  EXPECT_EQ(skinny_gemm_splits(1, 8, 64, 132), 1);
}

TEST(SkinnyGemmCuda, RefusesWhatItDoesNotHave) {
  EXPECT_THROW(skinny_gemm({.rows = 17}, nullptr), std::invalid_argument);
  EXPECT_THROW(skinny_gemm({.k = 12}, nullptr), std::invalid_argument);
}

}  // namespace
}  // namespace pingjia::kernels::cuda

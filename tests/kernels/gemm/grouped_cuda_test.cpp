#include "kernels/gemm/grouped_cuda.h"

#include <gtest/gtest.h>

#include <numeric>
#include <stdexcept>
#include <vector>

#include "tests/kernels/cuda/emulator.h"
#include "tests/kernels/cuda/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

struct Case {
  std::vector<int> expert_of_block;
  int experts = 3;
  int block = 16;
  int columns = 8;
  int k = 64;
  bool swiglu = false;
  int spare_blocks = 2;  // Launched for, and not there.
  bool hopper = false;
};

class Run {
 public:
  explicit Run(const Case& the)
      : the_(the),
        blocks_(static_cast<int>(the.expert_of_block.size())),
        weight_rows_(the.swiglu ? 2 * the.columns : the.columns),
        a_(std::int64_t{blocks_} * the.block * the.k),
        weights_(std::int64_t{the.experts} * weight_rows_ * the.k),
        out_(std::int64_t{blocks_} * the.block * the.columns) {
    fill_normal(a_, 8, "a"), fill_normal(weights_, 8, "weights", 0.1);
  }

  double error() {
    const GroupedGemmCall call{.a = a_.data(),
                               .weights = weights_.data(),
                               .out = out_.data(),
                               .expert_of_block = the_.expert_of_block.data(),
                               .blocks = &blocks_,
                               .most_blocks = blocks_ + the_.spare_blocks,
                               .block = the_.block,
                               .columns = the_.columns,
                               .k = the_.k,
                               .swiglu = the_.swiglu};
    the_.hopper ? grouped_gemm_hopper(call, the_.experts, nullptr) : grouped_gemm(call, nullptr);
    std::vector<double> expected;
    for (int row = 0; row < blocks_ * the_.block; ++row) {
      for (int column = 0; column < the_.columns; ++column) {
        const double first = dot(row, column);
        expected.push_back(!the_.swiglu
                               ? first
                               : first / (1 + std::exp(-first)) * dot(row, the_.columns + column));
      }
    }
    return relative_error(out_, expected);
  }

 private:
  double dot(int row, int weight_row) {
    const int expert = the_.expert_of_block[row / the_.block];
    const Bf16Bits* left = a_.data() + std::int64_t{row} * the_.k;
    const Bf16Bits* right =
        weights_.data() + (std::int64_t{expert} * weight_rows_ + weight_row) * the_.k;
    double sum = 0;
    for (int i = 0; i < the_.k; ++i) sum += double{widen(left[i])} * widen(right[i]);
    return sum;
  }

  Case the_;
  int blocks_, weight_rows_;
  Guarded<Bf16Bits> a_, weights_, out_;
};

double error_of(const Case& the) {
  return Run(the).error();
}

// One rounding to bf16: 2^-9 at most, less on the mean.
constexpr double kTolerance = 2.5e-3;

TEST(GroupedGemmCuda, HasEachBlockOfRows) {
  for (const int block : {16, 64, 128}) {
    EXPECT_LT(error_of({.expert_of_block = {0, 2}, .block = block, .columns = 136, .k = 96}),
              kTolerance)
        << block;
    EXPECT_LT(
        error_of({.expert_of_block = {1}, .block = block, .columns = 72, .k = 200, .swiglu = true}),
        kTolerance)
        << block;
  }
}

TEST(GroupedGemmCuda, TakesUglySizes) {
  EXPECT_LT(error_of({.expert_of_block = {2}, .columns = 8, .k = 8}), kTolerance);
  EXPECT_LT(error_of({.expert_of_block = {0}, .columns = 264, .k = 456}), kTolerance);
  EXPECT_LT(error_of({.expert_of_block = {0}, .columns = 8, .k = 328, .swiglu = true}), kTolerance);
}

TEST(GroupedGemmCuda, ExpertsMayBeEmptyAndOneMayTakeAll) {
  EXPECT_LT(error_of({.expert_of_block = std::vector<int>(11, 2), .columns = 144}), kTolerance);
  EXPECT_LT(error_of({.expert_of_block = {0, 0, 2, 2, 2, 2, 2, 2, 2, 2}, .columns = 136}),
            kTolerance);
  EXPECT_EQ(error_of({.expert_of_block = {}, .columns = 136}), 0);
}

TEST(GroupedGemmCuda, TheOrderInWhichThreadsRunChangesNothing) {
  const Case the{.expert_of_block = {1}, .block = 64, .columns = 128, .k = 512};
  const double first = error_of(the);
  for (const std::uint64_t seed : {2u, 3u}) {
    set_emulation_seed(seed);
    EXPECT_EQ(error_of(the), first);
  }
}

Case on_hopper(Case the) {
  the.block = 128;
  the.hopper = true;
  return the;
}

TEST(GroupedGemmHopper, EqualsTheDefinition) {
  EXPECT_LT(error_of(on_hopper({.expert_of_block = {0, 2}, .columns = 264, .k = 520})), kTolerance);
  EXPECT_LT(error_of(on_hopper({.expert_of_block = {2}, .columns = 8, .k = 8})), kTolerance);
  EXPECT_LT(
      error_of(on_hopper({.expert_of_block = {1, 1, 2}, .columns = 136, .k = 328, .swiglu = true})),
      kTolerance);
  EXPECT_EQ(error_of(on_hopper({.expert_of_block = {}, .columns = 136})), 0);
}

TEST(GroupedGemmHopper, TheOrderInWhichThreadsRunChangesNothing) {
  const Case the = on_hopper({.expert_of_block = {1}, .columns = 256, .k = 640});
  const double first = error_of(the);
  for (const std::uint64_t seed : {2u, 3u}) {
    set_emulation_seed(seed);
    EXPECT_EQ(error_of(the), first);
  }
}

TEST(GroupedGemmCuda, RefusesWhatItDoesNotHave) {
  EXPECT_THROW(error_of({.expert_of_block = {0}, .k = 12}), std::invalid_argument);
  EXPECT_THROW(error_of({.expert_of_block = {0}, .columns = 12}), std::invalid_argument);
  EXPECT_THROW(error_of({.expert_of_block = {0}, .block = 32}), std::invalid_argument);
}

}  // namespace
}  // namespace pingjia::kernels::cuda

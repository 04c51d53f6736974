#include "kernels/moe/permute_cuda.h"

#include <gtest/gtest.h>

#include <numeric>
#include <stdexcept>
#include <vector>

#include "tests/kernels/cuda/emulator.h"
#include "tests/kernels/cuda/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

// Aligns the given choices into buffers of the exact sizes.
struct Aligned {
  Aligned(const std::vector<int>& chosen_experts, int experts, int block)
      : chosen(static_cast<std::int64_t>(chosen_experts.size())),
        row_of_slot(chosen.size()),
        slot_of_row(align_rows(static_cast<int>(chosen.size()), experts, block)),
        expert_of_block(slot_of_row.size() / block),
        blocks(1) {
    std::copy(chosen_experts.begin(), chosen_experts.end(), chosen.data());
    AlignCall call{.chosen = chosen.data(),
                   .row_of_slot = row_of_slot.data(),
                   .slot_of_row = slot_of_row.data(),
                   .expert_of_block = expert_of_block.data(),
                   .blocks = blocks.data(),
                   .slots = static_cast<int>(chosen.size()),
                   .experts = experts,
                   .block = block};
    Guarded<int> scratch(align_scratch(call));
    call.scratch = scratch.data();
    align(call, nullptr);
  }
  std::vector<int> slots_of_rows(int block) {
    return {slot_of_row.data(), slot_of_row.data() + blocks[0] * block};
  }

  Guarded<int> chosen, row_of_slot, slot_of_row, expert_of_block, blocks;
};

TEST(AlignCuda, SortsByExpertAndPadsToBlocks) {
  Aligned the({2, 0, 2, 2, 0, 2, 2}, 4, 4);
  EXPECT_EQ(the.blocks[0], 3);
  EXPECT_EQ(the.slots_of_rows(4), (std::vector<int>{1, 4, -1, -1, 0, 2, 3, 5, 6, -1, -1, -1}));
  EXPECT_EQ(the.expert_of_block[0], 0);
  EXPECT_EQ(the.expert_of_block[1], 2);
  EXPECT_EQ(the.expert_of_block[2], 2);
  EXPECT_EQ(the.row_of_slot[6], 8);
}

TEST(AlignCuda, LeavesOutExpertsThatAreElsewhere) {
  Aligned the({-1, 1, 7, 1}, 2, 2);
  EXPECT_EQ(the.slots_of_rows(2), (std::vector<int>{1, 3}));
  EXPECT_EQ(the.row_of_slot[0], -1);
  EXPECT_EQ(the.row_of_slot[2], -1);
}

// The definition: a stable sort, then padding.
std::vector<int> expected_rows(const std::vector<int>& chosen, int experts, int block) {
  std::vector<int> rows;
  for (int expert = 0; expert < experts; ++expert) {
    for (std::size_t slot = 0; slot < chosen.size(); ++slot) {
      if (chosen[slot] == expert) rows.push_back(static_cast<int>(slot));
    }
    while (rows.size() % static_cast<std::size_t>(block) != 0) rows.push_back(-1);
  }
  return rows;
}

TEST(AlignCuda, IsAStableSortOverManyChunks) {
  for (const int experts : {1, 7, 128}) {
    std::vector<int> chosen(1301);
    harness::Rng rng(6, "align");
    for (int& expert : chosen) expert = static_cast<int>(rng.below(experts));
    Aligned the(chosen, experts, 16);
    EXPECT_EQ(the.slots_of_rows(16), expected_rows(chosen, experts, 16)) << experts;
  }
}

TEST(AlignCuda, OneExpertMayTakeAllAndThereMayBeNothing) {
  Aligned all(std::vector<int>(600, 63), 64, 64);
  EXPECT_EQ(all.slots_of_rows(64), expected_rows(std::vector<int>(600, 63), 64, 64));
  Aligned none({}, 8, 16);
  EXPECT_EQ(none.blocks[0], 0);
}

TEST(PermuteCuda, GathersTokensAndSumsThemBack) {
  constexpr int kTokens = 21, kTop = 3, kWidth = 264;
  std::vector<int> chosen(kTokens * kTop);
  harness::Rng rng(7, "choice");
  for (int& expert : chosen) expert = static_cast<int>(rng.below(5)) - 1;  // Some are elsewhere.
  Aligned the(chosen, 4, 16);
  Guarded<Bf16Bits> tokens(kTokens * kWidth), rows(the.slot_of_row.size() * kWidth),
      sums(tokens.size());
  Guarded<float> weights(std::ssize(chosen));
  fill_normal(tokens, 7, "tokens");
  for (int i = 0; i < weights.size(); ++i) weights[i] = static_cast<float>(rng.uniform());
  permute({.in = tokens.data(),
           .out = rows.data(),
           .slot_of_row = the.slot_of_row.data(),
           .blocks = the.blocks.data(),
           .most_rows = static_cast<int>(the.slot_of_row.size()),
           .block = 16,
           .top = kTop,
           .width = kWidth},
          nullptr);
  for (int row = 0; row < the.blocks[0] * 16; ++row) {
    const int slot = the.slot_of_row[row];
    for (int i = 0; i < kWidth; ++i) {
      ASSERT_EQ(rows[row * kWidth + i], slot < 0 ? 0 : tokens[slot / kTop * kWidth + i]);
    }
  }
  unpermute({.in = rows.data(),
             .out = sums.data(),
             .row_of_slot = the.row_of_slot.data(),
             .weights = weights.data(),
             .tokens = kTokens,
             .top = kTop,
             .width = kWidth},
            nullptr);
  std::vector<double> expected(static_cast<std::size_t>(sums.size()));
  for (int slot = 0; slot < kTokens * kTop; ++slot) {
    for (int i = 0; chosen[slot] >= 0 && i < kWidth; ++i) {
      expected[slot / kTop * kWidth + i] +=
          double{weights[slot]} * widen(tokens[slot / kTop * kWidth + i]);
    }
  }
  EXPECT_LT(relative_error(sums, expected), 3e-3);  // One rounding to bf16.
}

TEST(PermuteCuda, RefusesRowsItCannotCopy) {
  EXPECT_THROW(permute({.width = 12}, nullptr), std::invalid_argument);
  EXPECT_THROW(unpermute({.width = 12}, nullptr), std::invalid_argument);
  EXPECT_THROW(align({.experts = 1025}, nullptr), std::invalid_argument);
}

}  // namespace
}  // namespace pingjia::kernels::cuda

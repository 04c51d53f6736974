#include "kernels/attention/ragged_trial.h"

#include <gtest/gtest.h>

#include "tests/kernels/instrumented.h"

namespace pingjia::kernels {
namespace {

AttentionShape grouped_heads() {
  AttentionShape shape;
  shape.query_heads = 4;
  shape.kv_heads = 2;
  shape.key_width = shape.value_width = 64;
  return shape;
}

TEST(RaggedPrefill, EqualsTheDefinitionForEverySequence) {
  Threads threads(2);
  for (const Case& one : ragged_cases("made", grouped_heads(), {1, 300, 33, 64, 7})) {
    if (!one.absent.empty() || (kThreadsAreWatched && !one.row.ours)) continue;
    const auto trial = one.prepare(threads);
    trial->run();
    EXPECT_EQ(trial->check(), std::nullopt) << one.row.implementation;
    trial->run();
    EXPECT_EQ(trial->check(), std::nullopt) << one.row.implementation << ", again";
  }
}

TEST(RaggedPrefill, CountsTheWorkOfEachSequenceAlone) {
  const auto cases = ragged_cases("made", grouped_heads(), {100, 300});
  ASSERT_FALSE(cases.empty());
  const harness::KernelRow& row = cases.front().row;
  // Two products of 64 for 4 heads, over half of the keys on average.
  EXPECT_EQ(row.flops, 2.0 * 4 * (100.0 * 50 + 300.0 * 150) * (64 + 64));
  // q and out of 4 heads, k and v of 2, in bf16.
  EXPECT_EQ(row.bytes, 400.0 * 64 * (4 + 2 + 2 + 4) * 2);
  EXPECT_EQ(row.shape.at("tokens"), 400);
  EXPECT_EQ(row.shape.at("longest"), 300);
}

}  // namespace
}  // namespace pingjia::kernels

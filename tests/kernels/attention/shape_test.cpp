#include "kernels/attention/shape.h"

#include <gtest/gtest.h>

namespace pingjia::kernels {
namespace {

// Llama-3.1-8B's attention over a prompt of 1,024 tokens, counted by hand:
// 2 x 32 heads x 1,024 queries x 1,024 keys x (128 + 128).
TEST(AttentionShape, CountsTheTwoMatrixProducts) {
  AttentionShape shape{.query_length = 1024,
                       .key_length = 1024,
                       .query_heads = 32,
                       .kv_heads = 8,
                       .key_width = 128,
                       .value_width = 128};
  EXPECT_DOUBLE_EQ(shape.flops(), 17'179'869'184.0);
  shape.causal = true;
  EXPECT_DOUBLE_EQ(shape.flops(), 17'179'869'184.0 / 2);
  shape.batch = 3;
  EXPECT_DOUBLE_EQ(shape.flops(), 3 * 17'179'869'184.0 / 2);
}

// A chunk of 100 queries behind a prefix of 300 sees 350 keys on average.
TEST(AttentionShape, CountsAChunkBehindAPrefix) {
  const AttentionShape shape{
      .query_length = 100, .key_length = 400, .key_width = 3, .value_width = 5, .causal = true};
  EXPECT_DOUBLE_EQ(shape.flops(), 2.0 * 100 * 350 * 8);
  EXPECT_EQ(shape.keys_seen(0), 301);
  EXPECT_EQ(shape.keys_seen(99), 400);
}

TEST(AttentionShape, AQueryBeforeAllKeysSeesNone) {
  const AttentionShape shape{.query_length = 5, .key_length = 3, .causal = true};
  EXPECT_EQ(shape.keys_seen(0), 0);
  EXPECT_EQ(shape.keys_seen(1), 0);
  EXPECT_EQ(shape.keys_seen(2), 1);
  EXPECT_EQ(shape.keys_seen(4), 3);
}

// Queries and outputs have all heads, keys and values only those they have: the credit of grouped
// queries. DeepSeek-V3's widths, 192 and 128.
TEST(AttentionShape, MovesEveryTensorOnce) {
  const AttentionShape shape{.batch = 2,
                             .query_length = 10,
                             .key_length = 30,
                             .query_heads = 4,
                             .kv_heads = 2,
                             .key_width = 192,
                             .value_width = 128};
  EXPECT_EQ(shape.query_elements(), 2 * 10 * 4 * 192);
  EXPECT_EQ(shape.key_elements(), 2 * 30 * 2 * 192);
  EXPECT_EQ(shape.value_elements(), 2 * 30 * 2 * 128);
  EXPECT_EQ(shape.output_elements(), 2 * 10 * 4 * 128);
  EXPECT_DOUBLE_EQ(shape.minimum_bytes(2), 2.0 * 2 * (10 * 4 * 320 + 30 * 2 * 320));
}

}  // namespace
}  // namespace pingjia::kernels
